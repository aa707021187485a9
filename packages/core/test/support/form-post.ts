import { type FakeProvider, fakeProvider, walkDance } from '@fetch-dance/testing'
import { type Kit, kit, origin } from './kit.ts'
import { beginLogin } from './login.ts'

/** A dance whose provider answers by form_post. */
export function postingKit(options: object = {}, fake: FakeProvider = fakeProvider()): Kit {
  const provider = fake.provider({ responseMode: 'form_post' })
  return kit({ providers: { fake: provider }, ...options }, fake)
}

/** The form the provider sends the browser back with. */
export async function postedForm(actors: Kit, path?: string): Promise<URLSearchParams> {
  const { url } = await beginLogin(actors, path)
  const page = await (await actors.fake.fetch(url)).text()
  const inputs = page.matchAll(/name="([^"]*)" value="([^"]*)"/g)
  return new URLSearchParams([...inputs].map(([, name = '', value = '']) => [name, value]))
}

/** Posts a form to the callback as the provider's page makes a browser do it. */
export function postBack(
  { dance, jar }: Kit,
  body: BodyInit,
  headers: HeadersInit = {},
): Promise<Response> {
  const from = { origin: 'https://fake.test', ...Object.fromEntries(new Headers(headers)) }
  const url = `${origin}/login/fake/callback`
  return jar.send(dance.handle, url, { method: 'POST', site: 'cross-site', headers: from, body })
}

/** Walks a whole dance, from a login route to the callback's answer. */
export function walkLogin({ dance, fake, jar }: Kit, path = '/login/fake'): Promise<Response> {
  return walkDance(callbackIsTheEnd(dance.handle), fake, origin + path, jar)
}

// What lies behind the dance is an app that shows where it was asked for.
function callbackIsTheEnd(handle: (request: Request) => Promise<Response>) {
  return async (request: Request) => {
    const { pathname, search } = new URL(request.url)
    return pathname.startsWith('/login/') ? handle(request) : new Response(pathname + search)
  }
}
