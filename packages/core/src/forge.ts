import { clientOf, type DanceContext } from './context.ts'
import type { Token } from './facts.ts'
import { resolveOwner } from './owner.ts'
import { storeLogin } from './store-login.ts'
import { createVisit } from './visit.ts'

/**
 * Connects without a dance, for tests of an app: stores a token for the request's owner as a login would, and answers
 * with the cookies. Reached by code that holds the dance object only, through `Symbol.for('fetch-dance.forge')`.
 */
export function forge(
  context: DanceContext,
): (provider: string, token: Partial<Token>, request: Request) => Promise<Response> {
  return async (provider, token, request) => {
    const client = clientOf(context, provider)
    const visit = createVisit(context.config, request, {})
    const owner = await resolveOwner(context, visit)
    const scopes = [...(token.scopes ?? client.facts.scopes ?? [])]
    const defaults = { accessToken: 'forged', tokenType: 'Bearer', raw: {} }
    const grant = {
      token: { ...defaults, ...token, scopes },
      scopesKnown: true,
      account: '',
      stamp: await client.protocol.stamp(client),
    }
    await storeLogin(context, visit, client, { owner, grant, requested: scopes })
    return visit.commit(new Response(null, { status: 204 }))
  }
}
