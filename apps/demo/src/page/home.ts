import { DanceError, type Reason, type Visit } from 'fetch-dance'
import { callApi, type WantedCall, wantedCall } from '../call.ts'
import type { Journal } from '../journal.ts'
import type { Service } from '../services.ts'
import type { DemoDance, DemoEnv, DemoProviders } from '../types.ts'
import { newVisitorCookie, visitorOf } from '../visitor.ts'
import type { Card, Connected } from './card.ts'
import { homePage } from './layout.ts'

interface Demo {
  readonly dance: DemoDance
  readonly journal: Journal
  readonly env: DemoEnv
  readonly services: readonly Service[]
}

/** `GET /`: the connections of this browser, and what happened to them. */
export async function answerHome(
  demo: Demo,
  request: Request,
  visit: Visit<DemoProviders>,
): Promise<Response> {
  const url = new URL(request.url)
  const wanted = wantedCall(demo.services, url)
  const cards = await Promise.all(
    demo.services.map((service) => loadCard(demo, visit, service, wanted)),
  )
  const visitor = visitorOf(request)
  const entries = demo.journal.entries(visitor)
  const page = homePage({ cards, entries, error: url.searchParams.get('error') })
  const headers = new Headers(pageHeaders(demo.env))
  if (visitor === null) headers.append('set-cookie', newVisitorCookie())
  return new Response(page.markup, { headers })
}

async function loadCard(
  { dance }: Demo,
  visit: Visit<DemoProviders>,
  service: Service,
  wanted: WantedCall | null,
): Promise<Card> {
  const connection = await visit.connection(service.name)
  const card = { service, connectURL: connection.loginUrl({ returnTo: '/' }) }
  if (!connection.authorized) {
    return { ...card, state: { connected: false, notice: endedNotice(connection.reason) } }
  }
  try {
    const me = await callApi(connection, service.calls.me)
    const answer = wanted?.service === service ? await callApi(connection, wanted.call) : null
    const state: Connected = {
      connected: true,
      person: personOf(me.text),
      scopes: connection.scopes,
      expiresAt: me.expiresAt,
      moreURL: moreURL(service, (options) => connection.loginUrl(options)),
      logoutPath: dance.paths(service.name).logout,
      answer,
    }
    return { ...card, state }
  } catch (error) {
    if (!(error instanceof DanceError) || error.code === 'scope_required') throw error
    return { ...card, state: { connected: false, notice: troubleNotice(service, error) } }
  }
}

function endedNotice(reason: Reason | null): string | null {
  return reason === null ? null : `The connection has ended (${reason}). Connect again to go on.`
}

function troubleNotice({ title }: Service, { code }: DanceError): string {
  return code === 'login_required'
    ? `The connection has ended: ${title} no longer accepts its token. Connect again to go on.`
    : `${title} cannot be asked right now (${code}). The connection is kept: reload to try again.`
}

function moreURL(
  service: Service,
  loginUrl: (options: { returnTo: string; scopes: string[] }) => string,
): string {
  const { scope } = service.calls.more
  const returnTo = `/?of=${service.name}&call=more`
  return loginUrl({ returnTo, scopes: scope === undefined ? [] : [scope] })
}

function personOf(text: string): string {
  const profile: unknown = JSON.parse(text)
  if (typeof profile !== 'object' || profile === null) return 'Somebody'
  if ('name' in profile && typeof profile.name === 'string') return profile.name
  if ('login' in profile && typeof profile.login === 'string') return profile.login
  return 'Somebody'
}

function pageHeaders(env: DemoEnv): Record<string, string> {
  // Browsers hold the redirects after a form to `form-action` too, so the providers have to be named.
  const formTargets = `'self' ${env.LANTERN_ISSUER} https://github.com`
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action ${formTargets}; frame-ancestors 'none'`,
  }
}
