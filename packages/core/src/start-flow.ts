import { redirectTo, wantsJSON } from './answers.ts'
import { randomId } from './base64url.ts'
import { connectionKey } from './connection-key.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { restartMark, saveFlow } from './flow.ts'
import { resolveOwner } from './owner.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { readRecord } from './records.ts'
import type { ConnectionKey } from './storage.ts'
import type { VisitState } from './visit.ts'

/** What a login is started with. */
export interface FlowStart {
  /** Checked before; null for the app's default. */
  readonly returnTo: string | null
  /** Declared scopes to ask for beside the usual ones. */
  readonly scopes: readonly string[]
  /** Parameters the app adds. */
  readonly params?: Readonly<Record<string, string>>
  /** The account the login is meant for. */
  readonly account?: string | undefined
  /** Whether an error page's button began it. */
  readonly restarted?: boolean
}

/** Parameters of the authorization request that nobody sets but the protocol. */
const protocolParameters =
  /^(client_id|client_secret|redirect_uri|response_type|response_mode|state|nonce|code_challenge.*|request.*|iss)$/i

/**
 * Starts a login: keeps its flow in a cookie and answers with the way to the provider.
 * Throws `option_invalid`, `handler_failed`, `cannot_persist`, and for a provider with discovery `discovery_failed` and `provider_*`.
 */
export async function startFlow(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
  start: FlowStart,
): Promise<Response> {
  const { seals, events, routes } = context
  const owner = await resolveOwner(context, visit)
  const key = await connectionKey(context, visit, client.name, start.account)
  const params = await parametersOf(context, visit, client, start, key)
  const scene = { visit, provider: client.name }
  const { response } = await events.decide('beforeLogin', scene, () => ({ params }))
  if (response) return response
  for (const name of [...params.keys()]) if (protocolParameters.test(name)) params.delete(name)
  const state = randomId(32) + (start.restarted ? restartMark : '')
  const redirectUri = visit.origin().url + routes.paths(client.name).callback
  const { url, secrets } = await client.protocol.begin(client, { redirectUri, state, params })
  const { scopeSeparator = ' ' } = client.facts
  const flow = {
    provider: client.name,
    state,
    returnTo: start.returnTo,
    redirectUri,
    scopes: (params.get('scope') ?? '').split(scopeSeparator).filter(Boolean),
    owner,
    secrets,
    ...(start.account !== undefined && { account: start.account }),
    replaces: key,
  }
  await saveFlow(seals, visit, flow, client.facts.responseMode === 'form_post')
  return wantsJSON(visit.request) ? Response.json({ url: url.href }) : redirectTo(url.href, 302)
}

/** The scopes among these that the provider does not declare. */
export function undeclared({ facts }: ProviderClient, scopes: readonly string[]): string[] {
  const declared = [...(facts.scopes ?? []), ...(facts.optionalScopes ?? [])]
  return scopes.filter((scope) => !declared.includes(scope))
}

/** Refuses scopes the provider does not declare. Throws `scope_not_allowed`. */
export function checkScopes(client: ProviderClient, scopes: readonly string[]): void {
  const wrong = undeclared(client, scopes)
  if (wrong.length === 0) return
  const message = `Cannot ask "${client.name}" for these scopes: its "optionalScopes" do not hold them`
  throw new DanceError('scope_not_allowed', message, { scopes: wrong })
}

// Never less than what is granted already: some providers answer a smaller request with a smaller token.
async function parametersOf(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
  start: FlowStart,
  key: ConnectionKey | null,
): Promise<URLSearchParams> {
  // what cannot be read must not stand in the way of the login that replaces it
  const found = key && (await readRecord(context, visit.storage, key).catch(() => null))
  const granted = found?.record.token.scopes ?? []
  const scopes = new Set([...(client.facts.scopes ?? []), ...granted, ...start.scopes])
  const params = new URLSearchParams(client.facts.authorizationParams)
  for (const [name, value] of Object.entries(start.params ?? {})) params.set(name, value)
  params.delete('scope')
  if (scopes.size > 0) params.set('scope', [...scopes].join(client.facts.scopeSeparator ?? ' '))
  return params
}
