/** The OAuth dance, the token vault and the API client in one small library. */
export { createDance } from './dance.ts'
export { DanceError, type DanceErrorCode } from './errors.ts'
export type { DanceEvent, EventName, Handler, Payloads, ScopesOutcome } from './event-types.ts'
export type { DanceOptions, Guard } from './options.ts'
export {
  type OAuth2ProviderOptions,
  type OidcProviderOptions,
  oauth2Provider,
  oidcProvider,
  type Profile,
  type Provider,
  type Providers,
  type Quirks,
  type Token,
} from './provider.ts'
export { sealedCookieStorage } from './sealed-cookie-storage.ts'
export type {
  ConnectionKey,
  Cookies,
  Kv,
  KvKey,
  RequestStorage,
  StoredValue,
  TokenStorage,
} from './storage.ts'
export type {
  App,
  Connection,
  ConnectionOf,
  Dance,
  LoginOptions,
  LoginUrlOptions,
  Reason,
  RemoteOutcome,
  Visit,
  VisitConnection,
  VisitConnectionOf,
  VisitContext,
} from './types.ts'
