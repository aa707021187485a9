import { cookieJar, fakeProvider, memoryStorage } from '@fetch-dance/testing'
import type { Visit } from 'fetch-dance'
import { postBack, postedForm } from './form-post.ts'
import { type Kit, kit, origin } from './kit.ts'
import { beginLogin, login } from './login.ts'

/** A place that takes a sealed value: a cookie of one dance, and what shows that it was opened there. */
export interface Place {
  readonly place: string
  /** What a dance sealed for this very place. */
  readonly value: string
  /** Whether a value is believed there. */
  opens(value: string): Promise<boolean>
}

/**
 * Every purpose there is, by dances that share a secret: flows, a posted answer, tokens of a browser and of two users,
 * a named owner, browsers' connections, a link to connect; each of two providers where it makes a difference.
 */
export async function sealedPlaces(): Promise<Place[]> {
  const storage = memoryStorage()
  const named = kit({ storage, on: { authorized: () => ({ owner: '7' }) } })
  await login(named)
  return [
    ...(await providerPlaces('token', () => twoProviders())),
    ...(await providerPlaces('browser', () => twoProviders({ storage }))),
    ...(await providerPlaces('token of alice', () => twoProviders({ owner: () => 'alice' }))),
    ...(await providerPlaces('token of bob', () => twoProviders({ owner: () => 'bob' }))),
    {
      place: 'owner',
      value: named.jar.get('__Host-dance.owner') ?? '',
      opens: async (value) => (await visitWith(named, 'owner', value).owner()) !== null,
    },
    await flowPlace('flow'),
    await flowPlace('another flow'),
    await answerPlace(),
    await linkPlace(),
  ]
}

function twoProviders(options: object = {}): Kit {
  const fake = fakeProvider()
  return kit({ providers: { fake: fake.provider(), other: fake.provider() }, ...options }, fake)
}

async function providerPlaces(what: string, make: () => Kit): Promise<Place[]> {
  const actors = make()
  const places: Place[] = []
  for (const name of ['fake', 'other'] as const) {
    await login(actors, `/login/${name}`)
    places.push({
      place: `${what} at ${name}`,
      value: actors.jar.get(`__Host-dance.${name}`) ?? '',
      async opens(value) {
        const visit = visitWith(actors, name, value)
        return (await visit.connection(name)).status !== 'none'
      },
    })
  }
  return places
}

async function flowPlace(place: string): Promise<Place> {
  const actors = twoProviders()
  const { state } = await beginLogin(actors)
  const [cookie] = actors.jar.cookies()
  return {
    place,
    value: cookie?.value ?? '',
    async opens(value) {
      const { dance, errors } = actors
      errors.length = 0
      const headers = { cookie: `${cookie?.name}=${value}` }
      const url = `${origin}/login/fake/callback?error=access_denied&state=${state}`
      await cookieJar().send(dance.handle, url, { site: 'cross-site', headers })
      return errors.some(({ code }) => code === 'access_denied')
    },
  }
}

async function answerPlace(): Promise<Place> {
  const fake = fakeProvider()
  const providers = { fake: fake.provider({ responseMode: 'form_post' }) }
  const actors = kit({ providers, owner: () => 'alice' }, fake)
  const form = await postedForm(actors)
  await postBack(actors, form)
  const [cookie] = actors.jar.cookies()
  return {
    place: 'posted answer',
    value: cookie?.value ?? '',
    async opens(value) {
      const headers = { cookie: `${cookie?.name}=${value}` }
      const url = `${origin}/login/fake/callback?state=${form.get('state')}`
      const sent = fake.tokenRequests.length
      await cookieJar().send(actors.dance.handle, url, { site: 'cross-site', headers })
      return fake.tokenRequests.length > sent
    },
  }
}

async function linkPlace(): Promise<Place> {
  const { dance } = kit({ storage: memoryStorage(), owner: () => 'alice' })
  const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
  const path = `${origin}/login/connect/`
  return {
    place: 'link to connect',
    value: (await connection.connectUrl({ ttl: 600 })).slice(path.length),
    opens: async (value) => (await cookieJar().send(dance.handle, path + value)).status === 302,
  }
}

function visitWith({ dance }: Kit, name: string, value: string): Visit {
  const headers = { cookie: `__Host-dance.${name}=${value}` }
  return dance.visit(requestWith(`${origin}/`, headers))
}

/** A request with a Cookie header, also where the runtime keeps that from scripts. */
export function requestWith(url: string, init: Record<string, string>): Request {
  const headers = new Headers(init)
  const request = new Request(url, { headers })
  if (request.headers.get('cookie') !== headers.get('cookie')) {
    Object.defineProperty(request, 'headers', { value: headers })
  }
  return request
}
