import type { CookieJar, FakeProvider } from '@fetch-dance/testing'
import type { Dance } from 'fetch-dance'
import { origin } from './kit.ts'

/** What a login needs: a kit has it. */
export interface Actors {
  readonly dance: Dance
  readonly fake: FakeProvider
  readonly jar: CookieJar
}

/** A login under way: the browser stands before the provider. */
export interface BegunLogin {
  readonly answer: Response
  /** The authorization request; a login that led nowhere has an empty one. */
  readonly url: URL
  readonly state: string
}

/** Opens a login route as a person does who types its URL. */
export async function beginLogin(
  { dance, jar }: Actors,
  path = '/login/fake',
  base: string = origin,
): Promise<BegunLogin> {
  const answer = await jar.send(dance.handle, base + path)
  const url = new URL(answer.headers.get('location') ?? 'about:blank', base)
  return { answer, url, state: url.searchParams.get('state') ?? '' }
}

/** The provider's answer to a login: the URL of the callback, with code or error. */
export async function answerOf({ fake }: Actors, { url }: BegunLogin): Promise<string> {
  const answer = await fake.fetch(url, { redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}

/** Walks through a login and answers what the callback answered. */
export async function login(actors: Actors, path?: string, base?: string): Promise<Response> {
  const callback = await answerOf(actors, await beginLogin(actors, path, base))
  return actors.jar.send(actors.dance.handle, callback, { site: 'cross-site' })
}
