import { cookieJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { atTime } from './support/clock.ts'
import { answerWith, jarWith, page, sentBy } from './support/jar.ts'

describe('cookieJar() and SameSite', () => {
  const all = [
    'strict=1; Path=/; SameSite=Strict',
    'lax=1; Path=/; SameSite=Lax',
    'none=1; Path=/; SameSite=None; Secure',
    'unsaid=1; Path=/',
  ]

  test('all cookies go with a request of the same site', async () => {
    const jar = await jarWith(all)
    const everything = 'strict=1; lax=1; none=1; unsaid=1'
    expect((await sentBy(jar, page)).get('cookie')).toBe(everything)
    expect((await sentBy(jar, page, { method: 'POST' })).get('cookie')).toBe(everything)
    expect((await sentBy(jar, page, { site: 'same-site' })).get('cookie')).toBe(everything)
  })

  test('Strict stays at home on a navigation from another site', async () => {
    const headers = await sentBy(await jarWith(all), page, { site: 'cross-site' })
    expect(headers.get('cookie')).toBe('lax=1; none=1; unsaid=1')
  })

  test('Lax stays at home on a POST from another site, an unsaid one after two minutes F-50', async () => {
    const jar = await jarWith(all)
    const post = { method: 'POST', site: 'cross-site' } as const
    expect((await sentBy(jar, page, post)).get('cookie')).toBe('none=1; unsaid=1')
    await atTime(Date.now() / 1000 + 121, async () => {
      expect((await sentBy(jar, page, post)).get('cookie')).toBe('none=1')
    })
  })

  test('only None goes with a fetch from another site, and only None is kept', async () => {
    const jar = await jarWith(all)
    const request = new Request(page, {
      headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' },
    })
    expect((await sentBy(jar, request)).get('cookie')).toBe('none=1')
    await jar.send(
      () => answerWith(['new=1; Path=/', 'wide=1; Path=/; SameSite=None; Secure']),
      request,
    )
    expect([jar.get('new'), jar.get('wide')]).toEqual([undefined, '1'])
  })
})

describe('cookieJar().send()', () => {
  test('visits a string as a browser does', async () => {
    const headers = await sentBy(cookieJar(), page)
    expect(headers.get('sec-fetch-mode')).toBe('navigate')
    expect(headers.get('sec-fetch-site')).toBe('none')
    expect(headers.get('sec-fetch-dest')).toBe('document')
    expect(headers.get('accept')).toContain('text/html')
    expect(headers.has('origin')).toBe(false)
  })

  test('sends a form of the app as same-origin', async () => {
    let seen = ''
    const headers: Headers[] = []
    await cookieJar().send(
      async (request) => {
        headers.push(request.headers)
        seen = await request.text()
        return new Response('ok')
      },
      page,
      { method: 'POST', body: new URLSearchParams({ a: '1' }) },
    )
    expect(seen).toBe('a=1')
    expect(headers[0]?.get('sec-fetch-site')).toBe('same-origin')
    expect(headers[0]?.get('origin')).toBe('https://app.test')
  })

  test('sends a Request as it is, its body and own cookies included', async () => {
    const jar = await jarWith(['a=1; Path=/'])
    const request = new Request(page, {
      method: 'PUT',
      body: 'text',
      headers: { cookie: 'own=1', 'x-a': 'b' },
    })
    let body = ''
    let headers = new Headers()
    await jar.send(async (seen) => {
      headers = seen.headers
      body = `${seen.method} ${await seen.text()}`
      return new Response('ok')
    }, request)
    expect(body).toBe('PUT text')
    expect(headers.get('cookie')).toBe('own=1; a=1')
    expect(headers.get('x-a')).toBe('b')
    expect(headers.has('sec-fetch-mode')).toBe(false)
  })

  test('follows no redirect and keeps its cookies', async () => {
    const jar = cookieJar()
    const redirect = () =>
      new Response(null, { status: 302, headers: { location: '/x', 'set-cookie': 'a=1; Path=/' } })
    expect((await jar.send(redirect, page)).status).toBe(302)
    expect(jar.get('a')).toBe('1')
  })

  test('copy() is another browser with the same cookies', async () => {
    const jar = await jarWith(['a=1; Path=/'])
    const copy = jar.copy()
    jar.delete('a')
    expect([jar.header(), copy.header()]).toEqual(['', 'a=1'])
  })
})
