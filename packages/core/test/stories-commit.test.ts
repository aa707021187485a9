import { signedInJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/notes?page=2`

describe('visit.commit()', () => {
  test('hands back the same object when there is nothing to add', async () => {
    const { fake, dance } = kit()
    const jar = await signedInJar(dance, 'fake', fake.issueToken())
    const page = new Response('hi', { headers: { 'cache-control': 'public' } })
    let same = false
    const app = (request: Request) => {
      const visit = dance.visit(request)
      return visit.connection('fake').then((connection) => {
        same = connection.authorized && visit.commit(page) === page && visit.commit(page) === page
        return page
      })
    }
    await jar.send(app, `${origin}/`)
    expect(same).toBe(true)
    expect(page.headers.get('cache-control')).toBe('public')
  })

  test('adds cookies once, on a copy, also to a redirect whose headers are immutable [G1]', async () => {
    const { dance } = kit()
    const visit = dance.visit(new Request(page))
    const login = await (await visit.connection('fake')).login()
    const committed = visit.commit(login)
    expect(committed.status).toBe(302)
    expect(committed.headers.getSetCookie().length).toBe(1)
    expect(committed.headers.get('cache-control')).toContain('no-store')
    const again = new Response('again')
    expect(visit.commit(again)).toBe(again)
    const second = dance.visit(new Request(page))
    await (await second.connection('fake')).login()
    const immutable = Response.redirect(`${origin}/elsewhere`)
    const copy = second.commit(immutable)
    expect(copy.headers.get('location')).toBe(`${origin}/elsewhere`)
    expect(copy.headers.getSetCookie().length).toBe(1)
  })

  test("leaves the app's own cookies and headers in place [G1]", async () => {
    const { dance } = kit()
    const visit = dance.visit(new Request(page))
    await (await visit.connection('fake')).login()
    const headers = { 'set-cookie': 'theme=dark; Path=/', vary: 'Accept', 'x-own': '1' }
    const copy = visit.commit(new Response('hi', { status: 201, headers }))
    expect(copy.headers.getSetCookie()).toEqual([
      'theme=dark; Path=/',
      expect.stringContaining('dance.flow.'),
    ])
    expect([copy.status, copy.headers.get('x-own'), await copy.text()]).toEqual([201, '1', 'hi'])
    expect(copy.headers.get('vary')).toMatch(/accept.*cookie/i)
  })
})
