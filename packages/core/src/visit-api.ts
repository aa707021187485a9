import { secureAnswer } from './answers.ts'
import { type ConnectionParts, createConnection } from './connection.ts'
import { connectionKey, keepBrowserOwner } from './connection-key.ts'
import type {
  ConnectionOf,
  LoginOptions,
  LoginUrlOptions,
  VisitConnectionOf,
} from './connection-types.ts'
import { clientOf, type DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { checkedReturnTo, visitLoginPath } from './login-url.ts'
import { ownerId, resolveOwner } from './owner.ts'
import type { ProviderClient, Providers } from './protocol/protocol.ts'
import { ask, type FoundRecord, readRecord } from './records.ts'
import { refusal, refusalAnswer } from './refusal.ts'
import { checkScopes, startFlow } from './start-flow.ts'
import type { ConnectionKey } from './storage.ts'
import type { Visit } from './types.ts'
import type { VisitState } from './visit.ts'

type AnyConnection = ConnectionOf<Providers, string>
type AnyVisitConnection = VisitConnectionOf<Providers, string>

/** A visit of any providers: what {@link Visit} says by the name of each. */
export interface AnyVisit extends Pick<Visit, 'owner' | 'forget' | 'commit' | 'answer'> {
  connection(name: string, o?: { account?: string }): Promise<AnyVisitConnection>
  require(name: string, o?: LoginUrlOptions & { account?: string }): Promise<AnyVisitConnection>
  connections(): Promise<AnyVisitConnection[]>
}

/** Makes what a visit offers. */
export function createVisitApi(context: DanceContext, state: VisitState): AnyVisit {
  const ours = new WeakSet<DanceError>()
  const open = async (name: string, account?: string) => {
    const client = clientOf(context, name)
    const key = await connectionKey(context, state, name, account)
    const found = key && (await readRecord(context, state.storage, key))
    return { found, connection: visitConnection(context, state, client, key, found, ours, account) }
  }
  return {
    async connection(name, o = {}) {
      return (await open(name, o.account)).connection
    },
    async require(name, o = {}) {
      const client = clientOf(context, name)
      const scopes = o.scopes ?? []
      checkScopes(client, scopes)
      const { found, connection } = await open(name, o.account)
      const refuse = (code: 'login_required' | 'scope_required' | 'scope_refused') =>
        refusal(context, state, client, ours, code, o)
      if (!found || !connection.authorized) throw await refuse('login_required')
      const missing = scopes.filter((scope) => !connection.scopes.includes(scope))
      if (missing.length === 0) return connection
      const refused = missing.some((scope) => found.record.refused.includes(scope))
      if (!refused) await tellScopesMissing(context, state, connection)
      throw await refuse(refused ? 'scope_refused' : 'scope_required')
    },
    async connections() {
      const keys = await ownKeys(context, state)
      const opened = await Promise.all(
        keys.map((key) => open(key.provider, key.account || undefined)),
      )
      return opened.filter(({ found }) => found !== null).map(({ connection }) => connection)
    },
    owner: async () => ownerId(await resolveOwner(context.config, context.seals, state)),
    async forget() {
      for (const name of state.cookies.names()) state.cookies.delete(name)
      state.memory.delete('owner')
    },
    commit: (response) => state.commit(response),
    answer(error) {
      if (!(error instanceof DanceError) || !ours.has(error)) return null
      return secureAnswer(refusalAnswer(context, state, error))
    },
  }
}

function visitConnection(
  context: DanceContext,
  state: VisitState,
  client: ProviderClient,
  key: ConnectionKey | null,
  found: FoundRecord | null,
  ours: WeakSet<DanceError>,
  account?: string,
): AnyVisitConnection {
  const parts: ConnectionParts = {
    context,
    client,
    storage: state.storage,
    scene: { visit: state, provider: client.name },
    key,
    found,
    async refuse(code, scopes = []) {
      const declared = declaredAmong(client, scopes)
      const refused = code === 'scope_required' && wasRefused(found, scopes)
      if (code === 'scope_required') await tellScopesMissing(context, state, connection)
      return refusal(context, state, client, ours, refused ? 'scope_refused' : code, {
        scopes: declared,
        named: scopes,
      })
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
  const connection: AnyVisitConnection = Object.defineProperties(
    createConnection(parts) as AnyVisitConnection, // completed by the next lines
    Object.getOwnPropertyDescriptors(loginMethods(context, state, client, account)),
  )
  return connection
}

function loginMethods(
  context: DanceContext,
  state: VisitState,
  client: ProviderClient,
  account?: string,
): Pick<AnyVisitConnection, 'loginUrl' | 'login'> {
  return {
    loginUrl(o: LoginUrlOptions = {}) {
      checkScopes(client, o.scopes ?? [])
      return visitLoginPath(context, state, client.name, o)
    },
    async login(o: LoginOptions = {}) {
      checkScopes(client, o.scopes ?? [])
      const params = {
        ...o.params,
        ...(o.prompt !== undefined && { prompt: o.prompt }),
        ...(o.loginHint !== undefined && { login_hint: o.loginHint }),
      }
      const place = new URL(visitLoginPath(context, state, client.name), state.origin().url)
      const wanted = o.returnTo ?? place.searchParams.get('returnTo')
      const returnTo = checkedReturnTo(context, state, wanted)
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
  const owner = await resolveOwner(context.config, context.seals, state)
  if (owner.kind === 'browser' || state.storage.consistency === 'request') {
    return names.map((provider) => ({ provider, owner: '' }))
  }
  if (owner.id === null) return []
  const found: ConnectionKey[] = []
  let after: string | undefined
  do {
    const page = after === undefined ? {} : { after }
    const query = { owner: `${owner.kind}:${owner.id}` }
    const listed = await ask(context, { provider: '*' }, 'list', () =>
      state.storage.list(query, page),
    )
    found.push(...listed.keys.filter((key) => context.clients.has(key.provider)))
    after = listed.after
  } while (after !== undefined)
  return found
}

async function tellScopesMissing(
  context: DanceContext,
  visit: VisitState,
  connection: AnyConnection,
): Promise<void> {
  const scene = { visit, provider: connection.provider }
  const reason = 'scopes_missing'
  await context.events.tell('needsLogin', scene, () => ({ connection, reason }))
}

function declaredAmong({ facts }: ProviderClient, scopes: readonly string[]): string[] {
  const declared = [...(facts.scopes ?? []), ...(facts.optionalScopes ?? [])]
  return scopes.filter((scope) => declared.includes(scope))
}

function wasRefused(found: FoundRecord | null, scopes: readonly string[]): boolean {
  return scopes.some((scope) => found?.record.refused.includes(scope))
}
