import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Configuration, Account as OIDCAccount } from 'oidc-provider'
import type { Accounts } from './accounts.ts'
import { sendPage } from './answer.ts'
import type { LanternClient } from './client.ts'
import { createMemoryAdapter } from './memory-adapter.ts'
import { problemPage } from './pages.ts'

export interface LanternOptions {
  readonly client: LanternClient
  readonly accounts: Accounts
  /** Life of an access token, in seconds. */
  readonly tokenSeconds: number
}

const day = 24 * 60 * 60

/** What Lantern is as an OpenID provider; keys are new at every start. */
export function lanternConfiguration(options: LanternOptions): Configuration {
  return {
    adapter: createMemoryAdapter(),
    clients: [clientMetadata(options.client)],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: Object.keys(options.client.scopes),
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    findAccount: (_context, id) => findAccount(options.accounts, id),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    // A refresh token for every connection, spent once, and good for longer than the browser's session.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    ttl: lifetimes(options.tokenSeconds),
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => client.clientId === token.clientId,
      },
      rpInitiatedLogout: { enabled: false },
    },
    renderError: (context, problem, cause) => {
      const over = cause.name === 'SessionNotFound'
      sendPage(context.res, context.status, problemPage(options.client, problem, over))
      context.respond = false
    },
  }
}

function clientMetadata(client: LanternClient): NonNullable<Configuration['clients']>[number] {
  return {
    client_id: client.id,
    client_secret: client.secret,
    client_name: client.name,
    client_uri: client.home,
    redirect_uris: [...client.redirectURIs],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
}

function signingKey(): NonNullable<Configuration['jwks']>['keys'][number] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'lantern' }
}

async function findAccount(accounts: Accounts, id: string): Promise<OIDCAccount | undefined> {
  const account = accounts.find(id)
  if (account === undefined) return undefined
  const { name, email } = account
  return { accountId: id, claims: async () => ({ sub: id, name, email, email_verified: true }) }
}

function lifetimes(tokenSeconds: number): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: tokenSeconds,
    AuthorizationCode: 60,
    IdToken: 600,
    RefreshToken: day,
    Interaction: 3600,
    Session: day,
    Grant: day,
  }
}
