import { type App, type CookieJar, cookieJar } from './cookie-jar.ts'
import type { FakeProvider } from './fake-provider.ts'
import type { Site } from './jar/cookie-rules.ts'

/** Where the browser is about to go. */
interface Step {
  readonly url: URL
  readonly method: string
  readonly site: Site
  readonly body?: URLSearchParams
  /** The origin whose form is sent. */
  readonly origin?: string
}

const stepLimit = 20

/**
 * Walks from a URL of the app to the app's final answer as a browser does: through every redirect between app and
 * provider, through the provider's self-submitting form, with cookies and `Sec-Fetch-Site` as they would be. Links are
 * not clicked. A redirect to anywhere else is returned as it is.
 *
 * @param app The app: `dance.handle`, or what `dance.wrap` returns.
 * @param provider The fake provider, or several.
 * @param start Where the person begins; everything of its origin is the app.
 * @param jar The person's browser; a new one unless given.
 * @returns The answer the person ends up with.
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { cookieJar, fakeProvider, walkDance } from '@fetch-dance/testing'
 *
 * const fake = fakeProvider()
 * const dance = createDance({
 *   providers: { fake: fake.provider() },
 *   secret: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k',
 *   origin: 'https://app.test',
 *   fetch: fake.fetch,
 * })
 * const app = dance.wrap(async (_request, visit) => {
 *   const profile = await (await visit.require('fake')).profile()
 *   return new Response(profile.raw.login)
 * })
 * const answer = await walkDance(app, fake, 'https://app.test/', cookieJar())
 * console.log(await answer.text()) // octocat
 * ```
 */
export async function walkDance(
  app: App,
  provider: FakeProvider | readonly FakeProvider[],
  start: string,
  jar: CookieJar = cookieJar(),
): Promise<Response> {
  const providers = 'fetch' in provider ? [provider] : provider
  const home = new URL(start).origin
  let step: Step = { url: new URL(start), method: 'GET', site: 'none' }
  for (let count = 0; count < stepLimit; count += 1) {
    const fake = providers.find(({ issuer }) => new URL(issuer).origin === step.url.origin)
    if (fake === undefined && step.url.origin !== home) break
    const response =
      fake === undefined ? await sendToApp(app, jar, step) : await sendToProvider(fake, step)
    const next = await nextStep(response, step, fake !== undefined)
    const isLeaving = next !== undefined && !isKnown(next.url, home, providers)
    if (next === undefined || isLeaving) return response
    await response.body?.cancel()
    step = next
  }
  throw new Error(
    `Cannot walk the dance: more than ${stepLimit} redirects, the last to ${step.url.pathname}`,
  )
}

function sendToApp(
  app: App,
  jar: CookieJar,
  { url, method, site, body, origin }: Step,
): Promise<Response> {
  const headers = origin === undefined ? {} : { origin }
  return jar.send(app, url.href, { method, site, headers, ...(body === undefined ? {} : { body }) })
}

function sendToProvider(fake: FakeProvider, { url, method, body }: Step): Promise<Response> {
  const headers = {
    accept: 'text/html',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  return fake.fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  })
}

async function nextStep(
  response: Response,
  step: Step,
  isProvider: boolean,
): Promise<Step | undefined> {
  // The person answers on the provider's page: whatever follows was led there from another site.
  const site = isProvider ? 'cross-site' : step.site
  const location = response.headers.get('location')
  if (location !== null && [301, 302, 303, 307, 308].includes(response.status)) {
    const { method, body } = afterRedirect(response.status, step)
    const url = new URL(location, step.url)
    return { url, method, site, ...(body === undefined ? {} : { body }) }
  }
  if (!isProvider || response.headers.get('content-type')?.startsWith('text/html') !== true)
    return undefined
  const form = readForm(await response.clone().text())
  return form === undefined ? undefined : { ...form, method: 'POST', site, origin: step.url.origin }
}

function afterRedirect(status: number, { method, body }: Step): Pick<Step, 'method' | 'body'> {
  const becomesGet = status === 303 || (status < 303 && method === 'POST')
  return becomesGet || body === undefined
    ? { method: becomesGet ? 'GET' : method }
    : { method, body }
}

function isKnown({ origin }: URL, home: string, providers: readonly FakeProvider[]): boolean {
  return origin === home || providers.some(({ issuer }) => new URL(issuer).origin === origin)
}

/** The form of a page that submits itself. */
function readForm(html: string): { url: URL; body: URLSearchParams } | undefined {
  const action = /<form method="post" action="([^"]*)">/.exec(html)?.[1]
  if (action === undefined) return undefined
  const body = new URLSearchParams()
  for (const [, name = '', value = ''] of html.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
  )) {
    body.append(unescapeHtml(name), unescapeHtml(value))
  }
  return { url: new URL(unescapeHtml(action)), body }
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}
