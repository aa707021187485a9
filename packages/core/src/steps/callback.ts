import { acceptLogin, type GrantedLogin } from '../accept-login.ts'
import { acceptAnswer } from '../answer-form-post.ts'
import { redirectTo, wantsJSON } from '../answers.ts'
import { createConnection } from '../connection.ts'
import { detachedParts, tellScopes } from '../connection-parts.ts'
import { clientOf, type DanceContext } from '../context.ts'
import { DanceError } from '../errors.ts'
import type { Profile } from '../facts.ts'
import { findFlow, refuseOld } from '../flow.ts'
import { requireAllowed } from '../guard.ts'
import { isOwnerFree, nameOwner, ownerId, resolveOwner } from '../owner.ts'
import type { Grant, ProviderClient } from '../protocol/protocol.ts'
import type { Flow, Owner } from '../record-shapes.ts'
import { storeLogin } from '../store-login.ts'
import { takeFlow } from '../take-flow.ts'
import type { VisitState } from '../visit.ts'

/** Takes the provider's answer: checks it against the flow of this browser, exchanges it and stores the token. */
export async function callback(
  context: DanceContext,
  visit: VisitState,
  provider: string,
): Promise<Response> {
  const client = clientOf(context, provider)
  const parameters = await acceptAnswer(context, visit, client)
  if (parameters instanceof Response) return parameters
  refuseRepeated(parameters)
  const found = await findFlow(context.seals, visit, provider, parameters.get('state'))
  const { flow } = found
  visit.flow = flow
  refuseOld(visit, found)
  const owner = await sameOwner(context, visit, flow)
  await requireAllowed(context.config, visit, provider, 'login')
  if (!hasAnswer(parameters)) throw invalidAnswer('holds neither a code nor an error')
  await takeFlow(context, visit, found)
  const { state, redirectUri, secrets } = flow
  const answered = await client.protocol.finish(client, { parameters, redirectUri, state, secrets })
  const profile = profileOnce(client, answered)
  const grant = await withAccount(client, answered, owner, profile)
  if (flow.account !== undefined && flow.account !== grant.account) throw otherAccount()
  return complete(context, visit, client, { flow, owner, grant, profile })
}

/** Asks the app, stores the token, tells the listeners, and sends the visitor on. */
async function complete(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
  login: GrantedLogin,
): Promise<Response> {
  const { flow, profile } = login
  const { storage } = visit
  const scene = { visit, provider: client.name }
  const decision = await acceptLogin(context, visit, client, login)
  const owner = decision.named
  const grant = await withAccount(client, login.grant, owner, profile)
  const { scopes: requested, replaces } = flow
  const unstored = { owner, grant, requested, replaces }
  const { found, previous } = await storeLogin(context, visit, client, unstored)
  if (decision.owner !== undefined) {
    await nameOwner(context, visit, decision.owner)
  }
  const parts = detachedParts({ context, client, storage, scene, key: found.key, found })
  const connection = createConnection(parts)
  await context.events.tell('stored', scene, () => ({ connection }))
  if (previous) await tellScopes(parts, connection, previous)
  if (decision.response) return decision.response
  const target = flow.returnTo ?? context.config.redirects.success ?? '/'
  return wantsJSON(visit.request) ? Response.json({ url: target }) : redirectTo(target, 303)
}

// A flow ends under the owner it began with; where there is no `owner` option its cookie proves the browser.
async function sameOwner(context: DanceContext, visit: VisitState, flow: Flow): Promise<Owner> {
  if (flow.owner === 'browser:' && isOwnerFree(context, visit)) return flow.owner
  const owner = await resolveOwner(context, visit)
  if (owner === flow.owner) return owner
  const message = 'Cannot connect: somebody else began the login; start again'
  throw new DanceError('owner_mismatch', message)
}

// Where the app names owners an account must be told from others: one request more where the answer does not do it.
async function withAccount(
  client: ProviderClient,
  grant: Grant,
  owner: Owner,
  profile: () => Promise<Profile>,
): Promise<Grant> {
  const isNamed = ownerId(owner) !== null
  if (!isNamed || grant.account !== '' || !client.facts.profile) return grant
  const { id } = await profile()
  return { ...grant, account: id }
}

function profileOnce(client: ProviderClient, grant: Grant): () => Promise<Profile> {
  let profile: Promise<Profile> | undefined
  return () => {
    profile ??= client.protocol.profile(client, grant.token)
    return profile
  }
}

function hasAnswer(parameters: URLSearchParams): boolean {
  return ['code', 'error', 'denied'].some((name) => parameters.get(name))
}

function refuseRepeated(parameters: URLSearchParams): void {
  for (const name of ['state', 'code', 'iss', 'error', 'denied']) {
    if (parameters.getAll(name).length > 1) throw invalidAnswer(`holds "${name}" twice`)
  }
}

function invalidAnswer(reason: string): DanceError {
  return new DanceError('callback_invalid', `Cannot finish the login: the answer ${reason}`)
}

function otherAccount(): DanceError {
  const message = 'Cannot connect: this is another account than was asked for'
  return new DanceError('account_mismatch', message)
}
