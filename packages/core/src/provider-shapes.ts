import * as v from 'valibot'
import { isSecureAddress } from './http.ts'
import type { Provider } from './provider.ts'

/** What is wrong with a provider's facts, and where; null if nothing is. */
export function providerProblem(provider: unknown): { path: string; reason: string } | null {
  const result = v.safeParse(providerShape(), provider)
  if (!result.success) {
    const [issue] = result.issues
    const path = (v.getDotPath(issue) ?? '').replace(/^facts\.?/, '')
    return { path, reason: issue.message }
  }
  // The shape has just been found right
  return scopeProblem(provider as Provider)
}

function providerShape() {
  const text = v.string('it must be a text')
  const texts = v.optional(v.array(text, 'it must be a list of texts'))
  const isEndpoint = (value: string) => URL.canParse(value) && isSecureAddress(new URL(value))
  const url = v.pipe(
    text,
    v.check(isEndpoint, 'it must be an absolute https URL (http on loopback) without credentials'),
  )
  const headers = v.optional(v.record(v.string(), text, 'it must be an object of texts'))
  return v.looseObject({
    id: v.pipe(text, v.nonEmpty('it must not be empty')),
    protocol: v.looseObject(
      { begin: v.function() },
      'it must come from oauth2Provider, oidcProvider or a preset',
    ),
    facts: v.looseObject({
      clientId: v.optional(text),
      clientSecret: v.optional(text),
      scopes: texts,
      optionalScopes: texts,
      scopeSeparator: v.optional(text),
      apiBase: v.optional(url),
      apiOrigins: v.optional(v.array(url, 'it must be a list of origins')),
      apiHeaders: headers,
      authorizationParams: headers,
      clientAuth: oneOf('basic', 'post', 'none'),
      authorizationEndpoint: v.optional(url),
      tokenEndpoint: v.optional(url),
      issuer: v.optional(url),
      revocationEndpoint: v.optional(url),
      refreshEndpoint: v.optional(url),
      profile: v.optional(
        v.looseObject({ url, map: v.optional(v.function('it must be a function')) }),
      ),
      responseMode: oneOf('query', 'form_post'),
      pkce: oneOf('S256', 'breaks'),
      idToken: v.optional(
        v.looseObject({
          nonce: v.optional(v.boolean('it must be true or false')),
          algorithms: texts,
        }),
      ),
      rotation: oneOf('none', 'grace', 'strict', 'unknown'),
    }),
  })
}

function oneOf(...values: string[]) {
  return v.optional(v.picklist(values, `it must be one of ${values.join(', ')}`))
}

// RFC 6749 section 3.3: what a scope may hold
function scopeProblem({ facts }: Provider): { path: string; reason: string } | null {
  for (const path of ['scopes', 'optionalScopes'] as const) {
    const wrong = facts[path]?.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
    if (wrong !== undefined) return { path, reason: 'a scope holds visible ASCII and no space' }
  }
  return null
}
