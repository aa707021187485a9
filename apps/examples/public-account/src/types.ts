import type { XUser } from '@fetch-dance/providers/x'
import type { Provider, Visit, VisitConnection } from 'fetch-dance'
import type { Database } from './database.ts'
import type { Operator } from './operator.ts'
import type { RateLimit } from './rate-limit.ts'

type ClubProviders = { readonly x: Provider<XUser> }

/** A request to the app, and the way to its one connection. */
export type ClubVisit = Visit<ClubProviders>

/** The account that everybody posts to. */
export type ClubConnection = VisitConnection<ClubProviders, 'x'>

/** What the app's pages work with. */
export interface Club {
  readonly db: Database
  readonly operator: Operator
  /** Where a form that disconnects goes. */
  readonly logoutPath: string
  /** Of all visitors together: it is one account, and X counts for the account too. */
  readonly postLimit: RateLimit
  /** Of wrong ones. */
  readonly passphraseLimit: RateLimit
}

/** The scope without which visitors cannot post. */
export const postingScope = 'tweet.write'
