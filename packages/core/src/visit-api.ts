import { secureAnswer } from './answers.ts'
import { createConnection } from './connection.ts'
import { connectionKey, keepBrowserOwner } from './connection-key.ts'
import { type ConnectionParts, refuse } from './connection-parts.ts'
import type { LoginOptions, LoginUrlOptions, VisitConnectionOf } from './connection-types.ts'
import { clientOf, type DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { requireAllowed } from './guard.ts'
import { returnToOf, visitLoginPath } from './login-url.ts'
import { ownerId, resolveOwner } from './owner.ts'
import type { ProviderClient, Providers } from './protocol/protocol.ts'
import { ask, type FoundRecord, readRecord } from './records.ts'
import { refusal, refusalAnswer } from './refusal.ts'
import { checkScopes, startFlow, undeclared } from './start-flow.ts'
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
    const methods = Object.getOwnPropertyDescriptors(loginMethods(context, state, client, account))
    // copied as they are, since status and the like are getters
    // The methods of a visit complete it
    const connection = Object.defineProperties(createConnection(parts), methods) as AnyConnection
    return { parts, connection }
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
      if (!authorized) throw await refuse(parts, connection, reason, 'login_required', o)
      if (scopes.every((scope) => connection.scopes.includes(scope))) return connection
      throw await refuse(parts, connection, 'scopes_missing', 'scope_required', o)
    },
    async connections() {
      const keys = await ownKeys(context, state)
      const opened = await Promise.all(
        keys.map((key) => open(key.provider, key.account || undefined)),
      )
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
  return {
    context,
    client,
    storage: state.storage,
    scene: { visit: state, provider: client.name },
    key,
    found,
    async refuse(code, o) {
      const { scopes = [] } = o
      const refused = found?.record.refused ?? []
      const again = code !== 'login_required' && scopes.some((scope) => refused.includes(scope))
      const error = await refusal(context, state, client, again ? 'scope_refused' : code, o)
      // where a login would bring nothing new, a visitor sent there at once would go round in circles
      const useless = [...undeclared(client, scopes), ...(found?.record.token.scopes ?? [])]
      const brings = scopes.some((scope) => !useless.includes(scope))
      ours.set(error, code === 'login_required' || (brings && !again))
      return error
    },
    forget() {
      if (key?.owner.startsWith('browser:') && state.open) state.cookies.delete(client.name)
    },
    async renew() {
      if (state.storage.consistency === 'request' || !state.open) return
      // the cookie that leads to the record lives as long as the record
      if (key?.owner.startsWith('browser:')) {
        await keepBrowserOwner(context, state, client.name, key.owner)
      }
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
      checkScopes(client, o.scopes ?? [])
      return visitLoginPath(context, state, client.name, o.returnTo, o.scopes)
    },
    async login(o: LoginOptions = {}) {
      checkScopes(client, o.scopes ?? [])
      await requireAllowed(context, state, 'login', client.name)
      const params = {
        ...o.params,
        ...(o.prompt !== undefined && { prompt: o.prompt }),
        ...(o.loginHint !== undefined && { login_hint: o.loginHint }),
      }
      const returnTo = returnToOf(context, state, o.returnTo)
      return startFlow(context, state, client, {
        returnTo,
        scopes: o.scopes ?? [],
        params,
        account,
      })
    },
  }
}

async function ownKeys(context: DanceContext, state: VisitState): Promise<ConnectionKey[]> {
  const names = [...context.clients.keys()]
  const owner = await resolveOwner(context, state)
  if (owner === 'browser:' || state.storage.consistency === 'request') {
    return names.map((provider) => ({ provider, owner: '' }))
  }
  if (owner === '') return []
  const found: ConnectionKey[] = []
  let after: string | undefined
  do {
    const page = after === undefined ? {} : { after }
    const listed = await ask(context, undefined, () => state.storage.list({ owner }, page))
    found.push(...listed.keys.filter((key) => context.clients.has(key.provider)))
    after = listed.after
  } while (after !== undefined)
  return found
}
