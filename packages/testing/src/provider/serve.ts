import { errorAnswer, jsonAnswer } from './answers.ts'
import { answerAuthorize } from './authorize.ts'
import { answerJwks, answerMetadata } from './metadata.ts'
import { answerApi, answerUserinfo } from './resources.ts'
import { answerRevoke } from './revoke.ts'
import type { Server } from './server.ts'
import { answerToken } from './token.ts'

/** The endpoints of a fake provider, by the names that `fault()` and `requests` use. */
export type Endpoint = 'authorize' | 'token' | 'revoke' | 'userinfo' | 'jwks' | 'discovery' | 'api'

/** The endpoint a path belongs to; undefined for none. */
export function endpointOf(server: Server, path: string): Endpoint | undefined {
  if (path === '/api' || path.startsWith('/api/')) return 'api'
  const plain = { '/authorize': 'authorize', '/token': 'token', '/userinfo': 'userinfo' } as const
  const others = {
    ...(server.revocation ? { '/revoke': 'revoke' as const } : {}),
    ...(server.oidc
      ? { '/.well-known/openid-configuration': 'discovery' as const, '/jwks': 'jwks' as const }
      : {}),
  }
  return new Map<string, Endpoint>(Object.entries({ ...plain, ...others })).get(path)
}

/** One request as the endpoints see it: the body is read already. */
export interface Call {
  readonly request: Request
  /** The path below the issuer. */
  readonly path: string
  readonly body: string
}

/** The provider's true answer. */
export async function serve(server: Server, endpoint: Endpoint, call: Call): Promise<Response> {
  const { methods, answer } = routes[endpoint]
  if (methods.length > 0 && !methods.includes(call.request.method)) {
    return jsonAnswer({ error: 'method_not_allowed' }, 405, { allow: methods.join(', ') })
  }
  return answer(server, call)
}

interface Route {
  readonly methods: readonly string[]
  readonly answer: (server: Server, call: Call) => Response | Promise<Response>
}

const routes: Record<Endpoint, Route> = {
  discovery: { methods: ['GET'], answer: answerMetadata },
  jwks: { methods: ['GET'], answer: answerJwks },
  authorize: {
    methods: ['GET', 'POST'],
    answer: (server, { request, body }) =>
      answerAuthorize(
        server,
        request.method === 'POST' ? new URLSearchParams(body) : new URL(request.url).searchParams,
      ),
  },
  token: {
    methods: ['POST'],
    answer: (server, call) =>
      isForm(call.request)
        ? answerToken(server, call.request.headers, new URLSearchParams(call.body))
        : errorAnswer('invalid_request', 'The body must be a form'),
  },
  revoke: {
    methods: ['POST'],
    answer: (server, call) =>
      isForm(call.request)
        ? answerRevoke(server, call.request.headers, new URLSearchParams(call.body))
        : errorAnswer('invalid_request', 'The body must be a form'),
  },
  userinfo: {
    methods: ['GET', 'POST'],
    answer: (server, { request }) => answerUserinfo(server, request.headers),
  },
  api: {
    methods: [],
    answer: (server, { request, path, body }) =>
      answerApi(server, request, path.slice('/api'.length), body),
  },
}

function isForm(request: Request): boolean {
  const type = request.headers.get('content-type') ?? ''
  return /^application\/x-www-form-urlencoded *(;|$)/i.test(type)
}
