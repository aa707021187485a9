import { cookieJar, signedInJar } from '@fetch-dance/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Kit, kit, origin } from './support/kit.ts'
import { requestWith } from './support/sealed-values.ts'

const name = '__Host-dance.fake'
const octets = (text: string) => new TextEncoder().encode(text).length

/** A browser with a token of that many octets; the answer that set it. */
async function connected({ dance, fake }: Kit, size: number, jar = cookieJar()) {
  const accessToken = fake.issueToken().accessToken.padEnd(size, 'x')
  return signedInJar(dance, 'fake', { accessToken }, { jar })
}

async function tokenFrom({ dance }: Kit, cookie: string): Promise<string | null> {
  const visit = dance.visit(requestWith(`${origin}/`, { cookie }))
  const connection = await visit.connection('fake')
  return connection.authorized ? (await connection.token()).accessToken : null
}

describe('a token too long for one cookie', () => {
  test('is cut into pieces that browsers keep, and read back whole F-46 NX-19 S9', async () => {
    const actors = kit()
    const counts: number[] = []
    for (const size of [10, 1500, 3000, 8000, 16_000, 21_000]) {
      const jar = await connected(actors, size)
      const cookies = jar.cookies()
      expect(jar.refused).toEqual([])
      expect(cookies.map((cookie) => cookie.name)).toEqual(
        cookies.map((_, i) => (i === 0 ? name : `${name}.${i}`)),
      )
      counts.push(cookies.length)
      for (const cookie of cookies) {
        expect(octets(cookie.name) + octets(cookie.value)).toBeLessThanOrEqual(4000)
      }
      expect((await tokenFrom(actors, jar.header()))?.length).toBeGreaterThanOrEqual(size)
    }
    expect(counts).toEqual([1, 1, 2, 3, 6, 8])
  })

  test('stays within 4,000 octets also with the longest names there are F-46', async () => {
    const long = `a${'b'.repeat(31)}`
    const { fake } = kit()
    const options = { providers: { [long]: fake.provider() }, cookie: { name: 'c'.repeat(64) } }
    const { dance } = kit(options, fake)
    const jar = await signedInJar(dance, long, { accessToken: 'x'.repeat(20_000) })
    expect(jar.refused).toEqual([])
    expect(jar.cookies().length).toBeGreaterThan(5)
    for (const cookie of jar.cookies()) {
      expect(octets(cookie.name) + octets(cookie.value)).toBeLessThanOrEqual(4000)
    }
  })

  test('longer than eight pieces is token_too_large, which names what to do NX-19 F-46', async () => {
    const actors = kit()
    const jar = cookieJar()
    await expect(connected(actors, 40_000, jar)).rejects.toMatchObject({
      code: 'token_too_large',
      provider: 'fake',
      message: expect.stringContaining('server-side "storage"'),
    })
    expect(jar.cookies()).toEqual([])
  })

  test('leaves nothing behind when a shorter one replaces it F-47', async () => {
    const actors = kit()
    const jar = await connected(actors, 8000)
    expect(jar.cookies().length).toBe(3)
    await connected(actors, 10, jar)
    expect(jar.cookies().map((cookie) => cookie.name)).toEqual([name])
    expect(await tokenFrom(actors, jar.header())).not.toBe(null)
  })

  test('is deleted whole at logout F-47', async () => {
    const actors = kit()
    const jar = await connected(actors, 8000)
    await jar.send(actors.dance.handle, `${origin}/login/fake/logout`, { method: 'POST' })
    expect(jar.cookies()).toEqual([])
  })
})

describe('pieces that do not belong together are nothing', () => {
  let actors: Kit
  let pieces: string[]
  let newer: string[]
  beforeAll(async () => {
    actors = kit()
    pieces = (await connected(actors, 8000)).header().split('; ')
    newer = (await connected(actors, 8000)).header().split('; ')
  })
  const read = (parts: readonly string[]) => tokenFrom(actors, parts.join('; '))

  test('whole, in any order of the header F-47', async () => {
    expect(await read(pieces)).not.toBe(null)
    expect(await read(pieces.toReversed())).not.toBe(null)
  })

  test('one is missing F-47', async () => {
    for (let i = 0; i < pieces.length; i++) expect(await read(pieces.toSpliced(i, 1))).toBe(null)
  })

  test('two generations are mixed F-47', async () => {
    for (let i = 0; i < pieces.length; i++) {
      expect(await read(pieces.with(i, newer[i] ?? ''))).toBe(null)
    }
  })

  test('two change places F-47', async () => {
    const [first = '', second = '', third = ''] = pieces
    const exchanged = [
      second.replace(`${name}.1=`, `${name}.2=`),
      third.replace(`${name}.2=`, `${name}.1=`),
    ]
    expect(await read([first, ...exchanged])).toBe(null)
  })

  test('the same twice: the first counts F-47 F-48', async () => {
    expect(await read([...pieces, ...newer])).not.toBe(null)
    expect(await read([...pieces, `${name}.2=x`])).not.toBe(null)
    expect(await read([`${name}.2=x`, ...pieces])).toBe(null)
  })

  test('pieces beyond the last, a thousand of them, and indexes that are none F-47', async () => {
    const odd = ['-1', '1e9', '__proto__', 'constructor', '01', '3', '8', '1.5', ''].map(
      (index) => `${name}.${index}=x`,
    )
    expect(await read([...pieces, ...odd])).not.toBe(null)
    const many = Array.from({ length: 1000 }, (_, i) => `${name}.${i + 3}=x`)
    expect(await read([...pieces, ...many])).not.toBe(null)
    expect(await read(odd)).toBe(null)
  })

  test('a count that lies F-47', async () => {
    const [first = '', ...rest] = pieces
    for (const count of ['2', '4', '8', '9', '0', '1', '-1', '99999999', 'x']) {
      expect([count, await read([first.replace('=3~', `=${count}~`), ...rest])]).toEqual([
        count,
        null,
      ])
    }
  })
})
