import { createHash, randomBytes } from 'node:crypto'
import type { Lantern } from '../src/lantern/server.ts'

/** What Lantern's token endpoint answered. */
export interface TokenAnswer {
  readonly error?: string
  readonly access_token?: string
  readonly refresh_token?: string
  readonly expires_in?: number
  readonly scope?: string
}

/** Where a walk ended: a page of Lantern's, or the app's callback. */
export interface Landing {
  readonly url: URL
  readonly page: string
}

/** A browser and an app in one, to meet Lantern without the library in between. */
export interface LanternVisitor {
  /** Follows Lantern's redirects and keeps its cookies; stops at a page or at the app's callback. */
  open(address: string, form?: Record<string, string>): Promise<Landing>
  authorizationURL(parameters?: Record<string, string>): string
  /** Signs in, allows, and exchanges the code. */
  dance(name: string, scope: string): Promise<TokenAnswer>
  token(parameters: Record<string, string>): Promise<TokenAnswer>
  revoke(token: string): Promise<number>
}

export function visitLantern({ issuer, client }: Lantern): LanternVisitor {
  const cookies = new Map<string, string>()
  const verifier = randomBytes(32).toString('base64url')
  const callback = client.redirectURIs[0] ?? ''
  const authorization = `Basic ${btoa(`${client.id}:${client.secret}`)}`

  async function open(address: string, form?: Record<string, string>): Promise<Landing> {
    const response = await send(new URL(address, issuer), form)
    const location = response.headers.get('location')
    if (location === null) return { url: new URL(response.url), page: await response.text() }
    const next = new URL(location, issuer)
    return location.startsWith(callback) ? { url: next, page: '' } : open(next.href)
  }

  async function send(url: URL, form?: Record<string, string>): Promise<Response> {
    const headers = {
      accept: 'text/html',
      cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
    }
    const response = await fetch(url, {
      headers,
      redirect: 'manual',
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return response
  }

  async function token(parameters: Record<string, string>): Promise<TokenAnswer> {
    const body = new URLSearchParams(parameters)
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization },
      body,
    })
    return answer.json()
  }

  const authorizationURL = (parameters: Record<string, string> = {}): string =>
    `${issuer}/auth?${new URLSearchParams({
      client_id: client.id,
      redirect_uri: callback,
      response_type: 'code',
      state: 'a-state',
      scope: 'openid profile',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    })}`

  return {
    open,
    authorizationURL,
    token,
    async dance(name, scope) {
      let at = (await open(authorizationURL({ scope }))).url
      if (name !== '') at = (await open(`${at.pathname}/login`, { name })).url
      const { url } = await open(`${at.pathname}/allow`, {})
      const code = url.searchParams.get('code') ?? ''
      const grant = { grant_type: 'authorization_code', redirect_uri: callback }
      return token({ ...grant, code, code_verifier: verifier })
    },
    async revoke(value) {
      const body = new URLSearchParams({ token: value })
      const address = `${issuer}/token/revocation`
      return (await fetch(address, { method: 'POST', headers: { authorization }, body })).status
    },
  }
}
