import { cookieJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { atTime } from './support/clock.ts'
import { answerWith, jarWith, page, sentBy } from './support/jar.ts'

describe('cookieJar() keeps', () => {
  test('a cookie and sends it back to the same host only S28', async () => {
    const jar = await jarWith(['a=1; Path=/'])
    expect(jar.header('https://app.test/')).toBe('a=1')
    expect(jar.header('https://www.app.test/')).toBe('')
    expect(jar.header('https://evil.test/')).toBe('')
    expect((await sentBy(jar, 'https://app.test/x')).get('cookie')).toBe('a=1')
    expect((await sentBy(jar, 'https://evil.test/x')).has('cookie')).toBe(false)
  })

  test('a Domain cookie for the subdomains too', async () => {
    const jar = await jarWith(['a=1; Domain=.app.test; Path=/'])
    expect(jar.header('https://app.test/')).toBe('a=1')
    expect(jar.header('https://www.app.test/')).toBe('a=1')
    expect(jar.header('https://notapp.test/')).toBe('')
  })

  test('paths apart, with the default path where there is none', async () => {
    const jar = await jarWith(['deep=1', 'root=1; Path=/', 'other=1; Path=/other'])
    expect(jar.header('https://app.test/')).toBe('root=1')
    expect(jar.header('https://app.test/a')).toBe('deep=1; root=1')
    expect(jar.header('https://app.test/ab')).toBe('root=1')
    expect(jar.header('https://app.test/other/x')).toBe('other=1; root=1')
  })

  test('older cookies before newer, and an overwritten one in its place', async () => {
    const jar = await jarWith(['a=1; Path=/', 'b=1; Path=/'])
    await jar.send(() => answerWith(['c=1; Path=/', 'a=2; Path=/']), page)
    expect(jar.header()).toBe('a=2; b=1; c=1')
  })

  test('Secure cookies of https and of loopback, and sends them there', async () => {
    expect((await jarWith(['a=1; Secure; Path=/'])).header('http://app.test/')).toBe('')
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) {
      const jar = await jarWith(['a=1; Secure; Path=/'], `http://${host}/`)
      expect(jar.header(`http://${host}/`)).toBe('a=1')
    }
  })

  test('a lifetime to the second, Max-Age before Expires, at most 400 days', async () => {
    const start = Math.floor(Date.now() / 1000)
    await atTime(start, async () => {
      const jar = await jarWith([
        'a=1; Path=/; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
        'b=1; Path=/; Max-Age=999999999',
        'c=1; Path=/',
        'd=1; Path=/; Max-Age=abc',
      ])
      await atTime(start + 9.9, async () => expect(jar.header()).toBe('a=1; b=1; c=1; d=1'))
      await atTime(start + 10, async () => expect(jar.header()).toBe('b=1; c=1; d=1'))
      await atTime(start + 400 * 24 * 3600, async () => expect(jar.header()).toBe('c=1; d=1'))
    })
  })

  test('nothing that is deleted by Max-Age=0, by a negative one or by a date', async () => {
    const jar = await jarWith(['a=1; Path=/', 'b=1; Path=/', 'c=1; Path=/', 'd=1; Path=/'])
    await jar.send(
      () =>
        answerWith([
          'a=; Path=/; Max-Age=0',
          'b=; Path=/; Max-Age=-1',
          'c=; Path=/; Expires=Thu, 01-Jan-70 00:00:00 GMT',
          'd=; Path=/; Expires=nonsense',
        ]),
      page,
    )
    expect(jar.header()).toBe('d=')
  })

  test('a value with = and a cookie without a name', async () => {
    const jar = await jarWith(['a=b=c; Path=/', 'nameless; Path=/'])
    expect(jar.header()).toBe('a=b=c; nameless')
    expect(jar.get('a')).toBe('b=c')
  })

  test('U+00A0 as a part of a name CVE-2026-39410', async () => {
    const jar = cookieJar()
    const headers = Object.assign(new Headers(), {
      getSetCookie: () => ['\u00a0__Host-a=1; Path=/'],
    })
    const response = Object.defineProperty(new Response('ok'), 'headers', { value: headers })
    await jar.send(() => response, page)
    expect(jar.cookies().map(({ name }) => name)).toEqual(['\u00a0__Host-a'])
  })
})

describe('cookieJar() drops', () => {
  const dropped: [what: string, header: string, url?: string][] = [
    ['a Secure cookie of an insecure origin', 'a=1; Secure', 'http://app.test/'],
    ['__Host- without Secure', '__Host-a=1; Path=/'],
    ['__Host- with a Domain', '__Host-a=1; Secure; Path=/; Domain=app.test'],
    ['__Host- without Path=/', '__Host-a=1; Secure; Path=/a'],
    ['__Host- with a default path', '__Host-a=1; Secure', 'https://app.test/'],
    ['__HOST- in other case, not earned', '__HOST-a=1; Path=/'],
    ['__Secure- without Secure', '__Secure-a=1; Path=/'],
    ['a nameless cookie that looks prefixed', '=__Host-a=1; Path=/'],
    ['SameSite=None without Secure', 'a=1; SameSite=None'],
    ['Partitioned without Secure', 'a=1; Partitioned'],
    ['a Domain of another host', 'a=1; Domain=evil.test'],
    ['a Domain that is a public suffix', 'a=1; Domain=test'],
    ['a Domain below the host', 'a=1; Domain=www.app.test'],
    ['name and value of 4,097 octets', `a=${'x'.repeat(4096)}; Path=/`],
    ['nothing at all', '; Path=/'],
  ]
  for (const [what, header, url = page] of dropped) {
    test(`${what} S28`, async () => {
      const jar = await jarWith([header], url)
      expect(jar.cookies()).toEqual([])
      expect(jar.refused.map((one) => one.header)).toEqual([header.trim()])
    })
  }

  test('nothing of 4,096 octets, and counts octets, not characters S28', async () => {
    expect((await jarWith([`a=${'x'.repeat(4095)}; Path=/`])).get('a')?.length).toBe(4095)
    expect((await jarWith([`__Host-a=1; Secure; HttpOnly; SameSite=Lax; Path=/`])).refused).toEqual(
      [],
    )
  })

  test('an attribute longer than 1,024 octets, not its cookie', async () => {
    const jar = await jarWith([`a=1; Path=/${'x'.repeat(1024)}`])
    expect(jar.header('https://app.test/a/c')).toBe('a=1')
  })

  test('what an insecure origin puts over a Secure cookie', async () => {
    const jar = await jarWith(['a=1; Secure; Path=/'])
    await jar.send(() => answerWith(['a=evil; Path=/']), 'http://app.test/')
    expect(jar.header('https://app.test/')).toBe('a=1')
    expect(jar.refused.length).toBe(1)
  })

  test('the oldest of more than 50 cookies of one host', async () => {
    const headers = Array.from({ length: 60 }, (_, number) => `c${number}=1; Path=/; Secure`)
    const names = (await jarWith(headers)).cookies().map(({ name }) => name)
    expect(names).toEqual(headers.slice(10).map((header) => header.split('=')[0]))
  })
})
