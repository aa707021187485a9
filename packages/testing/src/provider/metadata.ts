import { jsonAnswer } from './answers.ts'
import type { Server } from './server.ts'

/** The discovery document (OpenID Connect Discovery 1.0, section 4; RFC 8414). */
export function answerMetadata(server: Server): Response {
  const { issuer, settings } = server
  const metadata: Record<string, unknown> = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    ...(server.revocation ? { revocation_endpoint: `${issuer}/revoke` } : {}),
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    id_token_signing_alg_values_supported: [server.keys.alg],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: authMethods[settings.clientAuth],
    authorization_response_iss_parameter_supported: settings.iss !== false,
  }
  return jsonAnswer(settings.tamper.metadata?.(metadata) ?? metadata)
}

/** The key set (RFC 7517, section 5). */
export async function answerJwks(server: Server): Promise<Response> {
  const jwks = { keys: await server.keys.published() }
  return jsonAnswer(server.settings.tamper.jwks?.(jwks) ?? jwks)
}

const authMethods = {
  any: ['client_secret_basic', 'client_secret_post'],
  basic: ['client_secret_basic'],
  post: ['client_secret_post'],
  none: ['none'],
}
