import { acceptLogin, type GrantedLogin } from '../accept-login.ts'
import { acceptAnswer } from '../answer-form-post.ts'
import { sendTo } from '../answers.ts'
import { requireStanding } from '../connect-link.ts'
import { createConnection } from '../connection.ts'
import { detachedParts, tellScopes } from '../connection-parts.ts'
import { clientOf, type DanceContext } from '../context.ts'
import { cannotConnect } from '../errors.ts'
import type { Profile } from '../facts.ts'
import { requireAllowed } from '../guard.ts'
import { isOwnerFree, nameOwner, ownerId, resolveOwner } from '../owner.ts'
import type { Grant, ProviderClient } from '../protocol/protocol.ts'
import type { Owner } from '../record-shapes.ts'
import { storeLogin } from '../store-login.ts'
import { takeFlow } from '../take-flow.ts'
import { now } from '../token.ts'
import type { VisitState } from '../visit.ts'

/** Takes the provider's answer: checks it against the flow of this browser, exchanges it and stores the token. */
export async function callback(
  context: DanceContext,
  visit: VisitState,
  provider: string,
): Promise<Response> {
  const client = clientOf(context, provider)
  const answer = await acceptAnswer(context, visit, client)
  if (answer instanceof Response) return answer
  const { parameters, found } = answer
  const { flow } = found
  visit.flow = flow
  if (found.exp <= now()) {
    visit.cookies.delete(found.cookieName)
    throw cannotConnect('flow_expired', 'the login began too long ago; start again')
  }
  // where there is no `owner` option, the flow's cookie proves the browser
  const isProven = flow.owner === 'browser:' && isOwnerFree(context, visit)
  if (!isProven && (await resolveOwner(context, visit)) !== flow.owner) {
    throw cannotConnect('owner_mismatch', 'somebody else began the login; start again')
  }
  await requireAllowed(context, visit, 'login', provider)
  await requireStanding(context, visit.storage, flow)
  checkAnswer(parameters)
  await takeFlow(context, visit, found)
  const answered = await client.protocol.finish(client, { ...flow, parameters })
  let asked: Promise<Profile> | undefined
  const profile = () => {
    asked ??= client.protocol.profile(client, answered.token)
    return asked
  }
  const grant = await withAccount(client, answered, flow.owner, profile)
  if (flow.account !== undefined && flow.account !== grant.account) {
    throw cannotConnect('account_mismatch', 'this is another account than was asked for')
  }
  return complete(context, visit, client, { flow, grant, profile })
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
  const accepted = { owner, grant, requested: flow.scopes, replaces: flow.replaces }
  const { found, previous } = await storeLogin(context, visit, client, accepted)
  if (decision.owner !== undefined) await nameOwner(context, visit, decision.owner)
  const parts = detachedParts({ context, client, storage, scene, key: found.key, found })
  const connection = createConnection(parts)
  await context.events.tell('stored', scene, () => ({ connection }))
  if (previous) await tellScopes(parts, connection, previous)
  if (decision.response) return decision.response
  const target = flow.returnTo ?? context.config.redirects.success ?? '/'
  return sendTo(visit.request, target, 303)
}

// Where the app names owners an account must be told from others: one request more where the answer does not do it.
async function withAccount(
  client: ProviderClient,
  grant: Grant,
  owner: Owner,
  profile: () => Promise<Profile>,
): Promise<Grant> {
  if (ownerId(owner) === null || grant.account !== '' || !client.facts.profile) return grant
  return { ...grant, account: (await profile()).id }
}

function checkAnswer(parameters: URLSearchParams): void {
  const isTwice = (name: string) => parameters.getAll(name).length > 1
  const isThere = (name: string) => parameters.get(name)
  const answers = ['code', 'error', 'denied']
  if (answers.some(isThere) && !['state', 'iss', ...answers].some(isTwice)) return
  throw cannotConnect('callback_invalid', 'the answer holds no code, or a parameter twice')
}
