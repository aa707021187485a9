import { sendTo } from './answers.ts'
import { randomId } from './base64url.ts'
import { connectionKey } from './connection-key.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { findConnection } from './find-connection.ts'
import { restartMark, saveFlow } from './flow.ts'
import { resolveOwner } from './owner.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import type { VisitState } from './visit.ts'

/** What a login is started with. */
export interface FlowStart {
  /** Checked before; null for the app's default. */
  readonly returnTo: string | null
  /** Declared scopes to ask for beside the usual ones. */
  readonly scopes?: readonly string[] | undefined
  /** Parameters the app adds. */
  readonly params?: Readonly<Record<string, string>>
  /** The account the login is meant for. */
  readonly account?: string | undefined
  /** Which dance had made the connection that a link to connect was made for. */
  readonly grant?: string
  /** Whether an error page's button began it. */
  readonly restarted?: boolean
}

/** Parameters of the authorization request that nobody sets but the protocol. */
const protocolParameters =
  /^(client_(id|secret)|redirect_uri|response_(type|mode)|state|nonce|code_challenge.*|request.*|iss)$/i

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
  const { name: provider, facts } = client
  const { returnTo, account, grant } = start
  const owner = await resolveOwner(context, visit)
  // what cannot be read must not stand in the way of the login that replaces it
  const reading = findConnection(context, visit, provider, account).catch(() => null)
  const granted = (await reading)?.found?.record.token.scopes ?? []
  const replaces = await connectionKey(context, visit, provider, account)
  const separator = facts.scopeSeparator ?? ' '
  const params = new URLSearchParams({ ...facts.authorizationParams, ...start.params })
  // never less than what is granted already: some providers answer a smaller request with a smaller token
  const asked = new Set([...(facts.scopes ?? []), ...granted, ...(start.scopes ?? [])])
  params.delete('scope')
  if (asked.size > 0) params.set('scope', [...asked].join(separator))
  const scene = { visit, provider }
  const { response } = await events.decide('beforeLogin', scene, () => ({ params }))
  if (response) return response
  for (const name of [...params.keys()]) if (protocolParameters.test(name)) params.delete(name)
  const state = randomId(32) + (start.restarted ? restartMark : '')
  const redirectUri = visit.origin().url + routes.paths(provider).callback
  const { url, secrets } = await client.protocol.begin(client, { redirectUri, state, params })
  const scopes = (params.get('scope') ?? '').split(separator).filter(Boolean)
  const flow = {
    provider,
    state,
    returnTo,
    redirectUri,
    scopes,
    owner,
    account,
    grant,
    replaces,
    secrets,
  }
  await saveFlow(seals, visit, flow, facts.responseMode === 'form_post')
  return sendTo(visit.request, url.href, 302)
}

/** Whether the provider declares a scope: no other is asked for. */
export function isDeclared({ facts }: ProviderClient, scope: string): boolean {
  return [facts.scopes, facts.optionalScopes].some((declared) => declared?.includes(scope))
}

/** Refuses scopes the provider does not declare. Throws `scope_not_allowed`. */
export function checkScopes(client: ProviderClient, scopes: readonly string[] = []): void {
  const wrong = scopes.filter((scope) => !isDeclared(client, scope))
  if (wrong.length === 0) return
  const message = `Cannot ask "${client.name}" for this permission: this app has it not among "optionalScopes"`
  throw new DanceError('scope_not_allowed', message, { scopes: wrong })
}
