import { secureAnswer } from './answers.ts'
import { createConnection } from './connection.ts'
import { connectionKey, keepBrowserOwner } from './connection-key.ts'
import { type ConnectionParts, refuse } from './connection-parts.ts'
import type { LoginOptions, LoginUrlOptions, VisitConnectionOf } from './connection-types.ts'
import { clientOf, type DanceContext } from './context.ts'
import { DanceError, definedOf } from './errors.ts'
import { requireAllowed } from './guard.ts'
import { returnToOf, visitLoginPath } from './login-url.ts'
import { ownerId, resolveOwner } from './owner.ts'
import type { ProviderClient, Providers } from './protocol/protocol.ts'
import { ask, type FoundRecord, readRecord } from './records.ts'
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
  const open = async (name: string, account?: string) => {
    const client = clientOf(context, name)
    const key = await connectionKey(context, state, name, account)
    const found = key && (await readRecord(context, state.storage, key))
    const parts = visitParts(context, state, client, key, found, ours)
    const methods = loginMethods(context, state, client, account)
    return { parts, connection: Object.assign(createConnection(parts), methods) }
  }
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
      const keys = (await ownKeys(context, state)).filter((key) =>
        context.clients.has(key.provider),
      )
      const opening = keys.map((key) => open(key.provider, key.account || undefined))
      const opened = await Promise.all(opening)
      return opened.filter(({ parts }) => parts.found).map(({ connection }) => connection)
    },
    owner: async () => ownerId(await resolveOwner(context, state)),
    async forget() {
      for (const name of state.cookies.names()) state.cookies.delete(name)
      state.owner = undefined
    },
    commit: (response) => state.commit(response),
    answer(error) {
      if (!(error instanceof DanceError)) return null
      const redirects = ours.get(error)
      if (redirects === undefined) return null
      return secureAnswer(refusalAnswer(context, state, error, redirects))
    },
  }
}

function visitParts(
  context: DanceContext,
  state: VisitState,
  client: ProviderClient,
  key: ConnectionKey | null,
  found: FoundRecord | null,
  ours: WeakMap<DanceError, boolean>,
): ConnectionParts {
  const { storage } = state
  return {
    context,
    client,
    storage,
    scene: { visit: state, provider: client.name },
    key,
    found,
    async refuse(code, o) {
      const { error, redirects } = await refusal(context, state, { client, found }, code, o)
      ours.set(error, redirects)
      return error
    },
    // the cookie that leads to a browser's record lives as long as the record
    async lead(lives) {
      if (!state.open || storage.consistency === 'request' || !key?.owner.startsWith('browser:'))
        return
      if (lives) await keepBrowserOwner(context, state, client.name, key.owner)
      else state.cookies.delete(client.name)
    },
  }
}

function loginMethods(
  context: DanceContext,
  state: VisitState,
  client: ProviderClient,
  account?: string,
): Pick<AnyConnection, 'loginUrl' | 'login'> {
  return {
    loginUrl(o: LoginUrlOptions = {}) {
      checkScopes(client, o.scopes)
      return visitLoginPath(context, state, client.name, o.returnTo, o.scopes)
    },
    async login(o: LoginOptions = {}) {
      const { scopes, prompt, loginHint } = o
      checkScopes(client, scopes)
      await requireAllowed(context, state, 'login', client.name)
      const params = { ...o.params, ...definedOf({ prompt, login_hint: loginHint }) }
      const returnTo = returnToOf(context, state, o.returnTo)
      return startFlow(context, state, client, { returnTo, scopes, params, account })
    },
  }
}

async function ownKeys(context: DanceContext, state: VisitState): Promise<ConnectionKey[]> {
  const { storage } = state
  const owner = await resolveOwner(context, state)
  if (owner === '') return []
  if (owner === 'browser:' && storage.consistency !== 'request') {
    return [...context.clients.keys()].map((provider) => ({ provider, owner }))
  }
  const keys: ConnectionKey[] = []
  let page: { after?: string } = {}
  do {
    const listed = await ask(context, () => storage.list({ owner }, page))
    keys.push(...listed.keys)
    page = definedOf({ after: listed.after })
  } while (page.after !== undefined)
  return keys
}
