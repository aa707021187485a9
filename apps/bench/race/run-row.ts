import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type CookieJar, cookieJar } from '@fetch-dance/testing'
import type { Contestant, Isolate, Outcome, RaceEnv, Row } from './row.ts'
import { type StrictProvider, startStrictProvider } from './strict-provider.ts'

/** A row whose requests are over; `finish` looks at its connection once the new token has ended too. */
export interface Raced {
  finish(): Promise<Outcome>
}

export const requests = 20
export const isolates = 4

const origin = 'http://localhost:3000'
const callbacks = ['/login/strict/callback', '/auth/callback/strict', '/api/auth/callback/strict']
/** Seconds that the token lasts with which the requests come. */
const shortLife = 1
/** Seconds that the tokens last which replace it: longer than any row takes. */
const longLife = 15
const mostRedirects = 20

/** Connects a visitor, lets the token expire and sends all requests at once. */
export async function runRow(row: Row): Promise<Raced> {
  const provider = await startStrictProvider(callbacks.map((path) => origin + path))
  const contestant = await row.open(environment(provider), isolates)
  const close = async () => {
    await contestant.close?.()
    provider.close()
  }
  try {
    const [first] = contestant.isolates
    if (first === undefined) throw new Error(`Cannot run "${row.name}": it has no isolates`)
    const browser = cookieJar()
    provider.setTokenLife(shortLife)
    await connect(first, browser)
    await pause(shortLife * 1000 + 500)
    provider.setTokenLife(longLife)
    const before = provider.refreshes()
    const answered = await sendAll(contestant, browser)
    const tokenCalls = provider.refreshes() - before
    const end = Date.now() + longLife * 1000 + 500
    return {
      async finish() {
        await pause(Math.max(0, end - Date.now()))
        const last = provider.refreshes()
        const isAlive = await isAnswered(first, browser).finally(close)
        return { answered, tokenCalls, alive: isAlive && provider.refreshes() > last }
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function environment({ issuer, client }: StrictProvider): RaceEnv {
  return {
    DANCE_SECRET: randomBytes(32).toString('base64url'),
    DANCE_ORIGIN: origin,
    STRICT_ISSUER: issuer,
    STRICT_OAUTH_CLIENT_ID: client.id,
    STRICT_OAUTH_CLIENT_SECRET: client.secret,
  }
}

/** Walks to the provider and back as a browser does. */
async function connect(isolate: Isolate, browser: CookieJar): Promise<void> {
  let url = new URL('/connect', origin)
  for (let count = 0; count < mostRedirects; count += 1) {
    const isApp = url.origin === origin
    const site = count === 0 || !isApp ? 'none' : 'cross-site'
    const answer = await browser.send(isApp ? isolate : visitProvider, url.href, { site })
    const location = answer.headers.get('location')
    const text = await answer.text()
    if (location === null) {
      if (answer.ok && isApp) return
      throw new Error(`Cannot connect: ${url.pathname} answered ${answer.status} ${text}`)
    }
    url = new URL(location, url)
  }
  throw new Error(`Cannot connect: more than ${mostRedirects} redirects, the last to ${url}`)
}

function visitProvider(request: Request): Promise<Response> {
  return fetch(request, { redirect: 'manual' })
}

/** All requests leave with the cookies of before; what the answers set comes in the order of the answers. */
async function sendAll(contestant: Contestant, browser: CookieJar): Promise<number> {
  const cookies = browser.header(origin)
  const sent = Array.from({ length: requests }, async (_, index) => {
    const isolate = contestant.isolates[index % contestant.isolates.length]
    return isolate !== undefined && (await isAnswered(isolate, browser, cookies))
  })
  const answers = await Promise.all(sent)
  return answers.filter(Boolean).length
}

async function isAnswered(
  isolate: Isolate,
  browser: CookieJar,
  cookie: string = browser.header(origin),
): Promise<boolean> {
  const url = `${origin}/me`
  const headers = { accept: 'application/json', cookie, 'sec-fetch-site': 'same-origin' }
  try {
    const answer = await isolate(new Request(url, { headers }))
    browser.store(answer, url)
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false // The app threw, which a server answers with 500
  }
}
