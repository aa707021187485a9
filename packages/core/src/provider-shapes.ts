import * as v from 'valibot'
import type { Provider } from './protocol/protocol.ts'
import { address, call, firstProblem, flag, members, text, texts } from './shape-parts.ts'

/** What is wrong with a provider's facts, and where; null if nothing is. */
export function providerProblem(provider: unknown): { path: string; reason: string } | null {
  const problem = firstProblem(providerShape(), provider)
  if (problem) return { ...problem, path: problem.path.replace(/^facts\.?/, '') }
  const { protocol, facts } = provider as Provider // its shape has just been found right
  const path = protocol.needs.find((name) => facts[name] === undefined)
  return path === undefined ? null : { path, reason: 'it must be set' }
}

function providerShape(): v.GenericSchema {
  const name = text('it must be a text that is not empty', (value) => value !== '')
  const url = v.optional(address())
  const scopes = v.optional(members(isScope, 'a scope is visible ASCII without a space'))
  const headers = v.optional(members((value) => typeof value === 'string', 'it must hold texts'))
  return v.looseObject({
    id: name,
    protocol: v.looseObject({ begin: call(), needs: texts() }),
    facts: v.looseObject({
      clientId: v.optional(name),
      clientSecret: v.optional(name),
      scopes,
      optionalScopes: scopes,
      scopeSeparator: v.optional(name),
      apiBase: url,
      apiOrigins: v.optional(
        members((value) => v.is(address(), value), 'it must be a list of origins'),
      ),
      apiHeaders: headers,
      authorizationParams: headers,
      clientAuth: oneOf('basic', 'post', 'none'),
      authorizationEndpoint: url,
      tokenEndpoint: url,
      issuer: url,
      revocationEndpoint: url,
      refreshEndpoint: url,
      profile: v.optional(v.looseObject({ url: address(), map: v.optional(call()) })),
      responseMode: oneOf('query', 'form_post'),
      pkce: oneOf('S256', 'breaks'),
      idToken: v.optional(
        v.looseObject({ nonce: v.optional(flag()), algorithms: v.optional(texts()) }),
      ),
      rotation: oneOf('none', 'grace', 'strict', 'unknown'),
    }),
  })
}

function oneOf(...values: string[]): v.GenericSchema {
  const fits = (value: unknown) => values.some((one) => one === value)
  return v.optional(v.custom<unknown>(fits, `it must be one of ${values.join(', ')}`))
}

// RFC 6749 section 3.3
function isScope(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}
