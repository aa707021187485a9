import type { FakeProvider } from '@fetch-dance/testing'
import { base64url } from 'jose'

const redirectUri = 'https://app.test/login/fake/callback'

/** A minimal client: what an app sends at each step, with anything changed. */
export interface Client {
  /** The URL of an authorization request. */
  url(changes?: Record<string, string | null>): URL
  authorize(changes?: Record<string, string | null>): Promise<Response>
  /** The parameters of the authorization answer. */
  consent(changes?: Record<string, string | null>): Promise<URLSearchParams>
  token(form: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  /** Exchanges a code. */
  exchange(code: string | null, changes?: Record<string, string>): Promise<Response>
  /** A whole dance: the token answer. */
  connect(changes?: Record<string, string | null>): Promise<Record<string, string>>
  refresh(refreshToken: string | undefined, changes?: Record<string, string>): Promise<Response>
  api(path: string, accessToken?: string): Promise<Response>
}

const verifier = 'v'.repeat(43)

/** Makes a client of a fake provider. */
export async function createClient(fake: FakeProvider): Promise<Client> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const challenge = base64url.encode(new Uint8Array(digest))
  const usual = {
    response_type: 'code',
    client_id: 'fake-client',
    redirect_uri: redirectUri,
    state: 'a-state',
    scope: 'repo email',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const client: Client = {
    url(changes = {}) {
      const url = new URL(`${fake.issuer}/authorize`)
      for (const [name, value] of Object.entries({ ...usual, ...changes })) {
        if (value !== null) url.searchParams.set(name, value)
      }
      return url
    },
    authorize: (changes) => fake.fetch(client.url(changes), { redirect: 'manual' }),
    async consent(changes) {
      const location = (await client.authorize(changes)).headers.get('location')
      return new URL(location ?? 'about:blank').searchParams
    },
    token(form, headers = { authorization: `Basic ${btoa('fake-client:fake-client-secret')}` }) {
      // Said, not left to the runtime: Bun forgets it where the headers are an empty object.
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams(form)
      return fake.fetch(`${fake.issuer}/token`, {
        method: 'POST',
        headers: { ...type, ...headers },
        body,
      })
    },
    exchange: (code, changes = {}) =>
      client.token({
        grant_type: 'authorization_code',
        code: code ?? '',
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...changes,
      }),
    async connect(changes) {
      return (await client.exchange((await client.consent(changes)).get('code'))).json()
    },
    refresh: (refreshToken = '', changes = {}) =>
      client.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...changes }),
    api: (path, accessToken) =>
      fake.fetch(
        `${fake.issuer}/api${path}`,
        accessToken === undefined ? {} : { headers: { authorization: `Bearer ${accessToken}` } },
      ),
  }
  return client
}

/** Status and `error` of an answer. */
export async function outcomeOf(answer: Response | Promise<Response>): Promise<string> {
  const response = await answer
  const { error = 'ok' }: { error?: string } = await response.json()
  return `${response.status} ${error}`
}
