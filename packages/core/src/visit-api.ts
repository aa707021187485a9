import { secureAnswer } from './answers.ts'
import { createConnection } from './connection.ts'
import { keepBrowserOwner } from './connection-key.ts'
import { type ConnectionParts, refuse } from './connection-parts.ts'
import type { LoginOptions, LoginUrlOptions, VisitConnectionOf } from './connection-types.ts'
import { clientOf, type DanceContext } from './context.ts'
import { DanceError, definedOf } from './errors.ts'
import { findConnection } from './find-connection.ts'
import { requireAllowed } from './guard.ts'
import { returnToOf, visitLoginPath } from './login-url.ts'
import { ownerId, resolveOwner } from './owner.ts'
import type { ProviderClient, Providers } from './protocol/protocol.ts'
import { listPages } from './records.ts'
import { refusal, refusalAnswer } from './refusal.ts'
import { checkScopes, startFlow } from './start-flow.ts'
import type { ConnectionKey } from './storage.ts'
import type { Visit } from './types.ts'
import type { VisitState } from './visit.ts'

type AnyConnection = VisitConnectionOf<Providers, string>

/** A visit of any providers: what {@link Visit} says by the name of each. */
export interface AnyVisit extends Pick<Visit, 'owner' | 'forget' | 'commit' | 'answer'> {
  connection(name: string, o?: { account?: string }): Promise<AnyConnection>
  require(name: string, o?: LoginUrlOptions & { account?: string }): Promise<AnyConnection>
  connections(): Promise<AnyConnection[]>
}

/** Makes what a visit offers. */
export function createVisitApi(context: DanceContext, state: VisitState): AnyVisit {
  // this visit's errors, and whether the visitor may be sent to the login at once
  const ours = new WeakMap<DanceError, boolean>()
  const open = (name: string, account?: string) =>
    openConnection(context, state, ours, clientOf(context, name), account)
  return {
    async connection(name, o = {}) {
      return (await open(name, o.account)).connection
    },
    async require(name, o = {}) {
      const { scopes = [], account } = o
      checkScopes(clientOf(context, name), scopes)
      const { parts, connection } = await open(name, account)
      const { authorized, reason } = connection
      if (!authorized) throw await refuse(parts, connection, reason, o)
      if (scopes.every((scope) => connection.scopes.includes(scope))) return connection
      throw await refuse(parts, connection, 'scopes_missing', o)
    },
    async connections() {
      const keys = await ownKeys(context, state)
      const known = keys.filter(({ provider }) => context.clients.has(provider))
      const opening = known.map(({ provider, account }) => open(provider, account || undefined))
      const opened = await Promise.all(opening)
      return opened.filter(({ parts }) => parts.found).map(({ connection }) => connection)
    },
    owner: async () => ownerId(await resolveOwner(context, state)),
    async forget() {
      for (const name of state.cookies.names()) state.cookies.delete(name)
      state.owner = undefined
    },
    commit: state.commit,
    answer(error) {
      if (!(error instanceof DanceError)) return null
      const redirects = ours.get(error)
      if (redirects === undefined) return null
      return secureAnswer(refusalAnswer(context, state, error, redirects))
    },
  }
}

async function openConnection(
  context: DanceContext,
  state: VisitState,
  ours: WeakMap<DanceError, boolean>,
  client: ProviderClient,
  account: string | undefined,
): Promise<{ parts: ConnectionParts; connection: AnyConnection }> {
  const { name: provider } = client
  const place = await findConnection(context, state, provider, account)
  const { storage, key } = place
  const parts: ConnectionParts = {
    ...place,
    context,
    client,
    scene: { visit: state, provider },
    async refuse(code, o) {
      const { error, redirects } = await refusal(context, state, parts, code, o)
      ours.set(error, redirects)
      return error
    },
    // the cookie that leads to a browser's record lives as long as the record
    async lead(lives) {
      if (!key?.owner.startsWith('browser:') || storage.consistency === 'request') return
      if (!state.open) return
      if (lives) await keepBrowserOwner(context, state, provider, key.owner)
      else state.cookies.delete(provider)
    },
  }
  const connection = Object.assign(createConnection(parts), {
    loginUrl(o: LoginUrlOptions = {}) {
      checkScopes(client, o.scopes)
      return visitLoginPath(context, state, provider, o.returnTo, o.scopes)
    },
    async login({ scopes, prompt, loginHint, ...o }: LoginOptions = {}) {
      checkScopes(client, scopes)
      await requireAllowed(context, state, 'login', provider)
      const params = { ...o.params, ...definedOf({ prompt, login_hint: loginHint }) }
      const returnTo = returnToOf(context, state, o.returnTo)
      return startFlow(context, state, client, { returnTo, scopes, params, account })
    },
  })
  return { parts, connection }
}

async function ownKeys(context: DanceContext, state: VisitState): Promise<ConnectionKey[]> {
  const { storage } = state
  const owner = await resolveOwner(context, state)
  if (owner === '') return []
  const keys: ConnectionKey[] = []
  if (owner !== 'browser:' || storage.consistency === 'request') {
    for await (const page of listPages(context, storage, { owner })) keys.push(...page.keys)
  }
  // the cookies know the rest: a browser's own, and what was left there when the app came to have a storage
  const names = state.cookies.names().filter((name) => keys.every((key) => key.provider !== name))
  return [...keys, ...names.map((provider) => ({ provider, owner }))]
}
