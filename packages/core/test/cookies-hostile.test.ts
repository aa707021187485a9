import { cookieJar, signedInJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'
import { requestWith } from './support/sealed-values.ts'

const name = '__Host-dance.fake'

async function statusOf({ dance }: Kit, cookie: string): Promise<string> {
  const visit = dance.visit(requestWith(`${origin}/`, { cookie }))
  return (await visit.connection('fake')).status
}

async function connectedKit() {
  const actors = kit()
  const jar = await signedInJar(actors.dance, 'fake', actors.fake.issueToken())
  return { ...actors, jar, value: jar.get(name) ?? '' }
}

describe('a Cookie header of any shape', () => {
  test('holds ours among three hundred, and 64 kB of others F-48', async () => {
    const { value, ...actors } = await connectedKit()
    const own = `${name}=${value}`
    const many = Array.from({ length: 299 }, (_, i) => `a${i}=${i}`)
    expect(await statusOf(actors, [...many, own].join('; '))).toBe('ok')
    expect(await statusOf(actors, `big=${'x'.repeat(64_000)}; ${own}`)).toBe('ok')
    // more than browsers send: looked at no further, and nothing breaks
    expect(await statusOf(actors, [...many, ...many, ...many].join('; '))).toBe('none')
  })

  test('has parts that are no cookies F-48', async () => {
    const { value, ...actors } = await connectedKit()
    const own = `${name}=${value}`
    for (const odd of ['a', '=', '=b', ';;', ' ', 'a="x', 'a="x;y"', '"', '%', '%zz=%ff', '==']) {
      expect([odd, await statusOf(actors, `${odd}; ${own}`)]).toEqual([odd, 'ok'])
      expect([odd, await statusOf(actors, `${own};${odd}`)]).toEqual([odd, 'ok'])
    }
    expect(await statusOf(actors, `\t ${name} =\t${value} `)).toBe('ok')
  })

  test('names one twice: the first counts, and no second one mends it F-48', async () => {
    const { value, ...actors } = await connectedKit()
    expect(await statusOf(actors, `${name}=${value}; ${name}=x`)).toBe('ok')
    expect(await statusOf(actors, `${name}=x; ${name}=${value}`)).toBe('none')
  })

  test('has names that only look like ours F-48 CVE-2026-39410', async () => {
    const { value, ...actors } = await connectedKit()
    const names = [
      `\u00a0${name}`,
      `\u000b${name}`,
      `${name}\u00a0`,
      name.toLowerCase(),
      name.toUpperCase(),
      'dance.fake',
      '__Secure-dance.fake',
      '__Host-dance_fake',
      '__Host-dance.fake%20',
      'x__Host-dance.fake',
    ]
    for (const other of names) {
      expect([other, await statusOf(actors, `${other}=${value}`)]).toEqual([other, 'none'])
    }
  })

  test('names members of every object F-48', async () => {
    const { value, ...actors } = await connectedKit()
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '']
    const odd = names.map((one) => `__Host-dance.${one}=x`)
    expect(await statusOf(actors, [...odd, `${name}=${value}`].join('; '))).toBe('ok')
    expect(Reflect.get({}, 'x')).toBe(undefined)
  })
})

test('values no parser expects are answered with a page GHSA-xmf8-cvqr-rfgj [G1]', async () => {
  const { dance } = kit()
  const values = ['%', '%zz', '%ff', '"', '{}', 'null', 'Fe26.2*', '*'.repeat(10_000)]
  for (const value of values) {
    for (const cookie of [`${name}=${value}`, `__Host-dance.flow.abcdefghijkl=${value}`, value]) {
      for (const path of ['/login/fake', '/login/fake/callback?code=a&state=b']) {
        const answer = await cookieJar().send(dance.handle, origin + path, { headers: { cookie } })
        await expectEnvelope(answer)
        expect([302, 400]).toContain(answer.status)
      }
    }
  }
})

describe('flows in one browser', () => {
  const flows = ({ jar }: Kit) =>
    jar.cookies().filter((cookie) => cookie.name.startsWith('__Host-dance.flow.'))

  test('are five at most however many logins are abandoned, below 8 kB F-21', async () => {
    const actors = kit()
    for (let i = 0; i < 200; i++) {
      await beginLogin(actors, `/login/fake?returnTo=/page/${i}`)
      expect(flows(actors).length).toBeLessThanOrEqual(5)
      expect(actors.jar.header().length).toBeLessThan(8192)
    }
    expect(flows(actors).length).toBe(5)
    expect((await login(actors)).status).toBe(303)
  })

  test('go oldest first F-21', async () => {
    const actors = kit()
    const names: string[] = []
    for (let i = 0; i < 7; i++) {
      await beginLogin(actors)
      names.push(flows(actors).at(-1)?.name ?? '')
    }
    expect(flows(actors).map((cookie) => cookie.name)).toEqual(names.slice(-5))
  })

  test('planted ones by the hundred are cleared away, and the login goes on F-21 F-48', async () => {
    const actors = kit()
    const planted = Array.from({ length: 200 }, (_, i) => `__Host-dance.flow.${i}=x`)
    const headers = { cookie: planted.join('; ') }
    const answer = await cookieJar().send(actors.dance.handle, `${origin}/login/fake`, { headers })
    expect(answer.status).toBe(302)
    const lines = answer.headers.getSetCookie()
    expect(lines.filter((line) => /Max-Age=0/.test(line)).length).toBe(196)
    expect(lines.filter((line) => /Max-Age=600/.test(line)).length).toBe(1)
  })
})
