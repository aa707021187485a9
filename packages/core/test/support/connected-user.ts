import {
  type CookieJar,
  cookieJar,
  fakeProvider,
  memoryStorage,
  walkDance,
} from '@fetch-dance/testing'
import type { Dance, TokenStorage } from 'fetch-dance'
import { beginDance } from './dancing.ts'
import { type Kit, kit, origin } from './kit.ts'

const page = `${origin}/`
/** Milliseconds for which nobody waits longer. */
export const timeout = 200

/** What a storage does when it is asked. */
export type Methods = Pick<TokenStorage, 'get' | 'put' | 'delete' | 'list'>

/** Two users with an account each, over a storage that can be broken. */
export interface Connected extends Kit {
  readonly storage: TokenStorage
  /** The storage that never breaks, below it. */
  readonly inner: TokenStorage
  /** Alice's answer from the provider, with which she has not come back yet. */
  readonly callback: string
  breakIt(how: (inner: TokenStorage) => Methods): void
}

/** Users alice and eve are connected; from `breakIt` on the storage is as it is told. */
export async function connectedUser(): Promise<Connected> {
  const inner = memoryStorage()
  let methods: Methods = inner
  const storage: TokenStorage = {
    consistency: 'strong',
    get: (key, o) => methods.get(key, o),
    put: (key, record, o) => methods.put(key, record, o),
    delete: (key, o) => methods.delete(key, o),
    list: (query, page) => methods.list(query, page),
  }
  let user = 'eve'
  const fake = fakeProvider({ rotation: 'strict' })
  const actors = kit({ storage, owner: () => user, timeout }, fake)
  for (const id of ['eve', 'alice']) {
    user = id
    fake.set({ person: { id } })
    await walkDance(actors.app, fake, page, cookieJar())
  }
  const callback = await beginDance(actors.dance.handle, fake, actors.jar)
  const breakIt = (how: (inner: TokenStorage) => Methods) => {
    methods = how(inner)
  }
  return { ...actors, storage, inner, callback, breakIt }
}

/** A visit of whoever is signed in. */
export function visit({ dance }: Kit): ReturnType<Dance['visit']> {
  return dance.visit(new Request(page))
}

/** What an error says: its status and its code. */
export function codeOf({ code, status }: { code?: string; status?: number }): string {
  return `${status} ${code}`
}

/** What a route of the dance answers: its status and an error's code. */
export async function send(
  { dance }: Kit,
  jar: CookieJar,
  url: string,
  method = 'GET',
): Promise<string> {
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
  const answer = await jar.send(dance.handle, url, { method, headers })
  return `${answer.status} ${(await answer.json()).error}`
}
