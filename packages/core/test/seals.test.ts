import { cookieJar, fakeProvider, signedInJar } from '@fetch-dance/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Kit, kit, origin, secret } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'
import { requestWith } from './support/sealed-values.ts'

const name = '__Host-dance.fake'
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** What a dance makes of a token cookie: its status, and that nothing was answered to it. */
async function statusOf({ dance }: Kit, value: string): Promise<string> {
  const visit = dance.visit(requestWith(`${origin}/`, { cookie: `${name}=${value}` }))
  const { status } = await visit.connection('fake')
  const answer = new Response('page')
  expect(visit.commit(answer)).toBe(answer) // left in place: nothing is set, nothing deleted
  return status
}

describe('a token cookie that was changed is absent', () => {
  let actors: Kit
  let value: string
  let other: string
  beforeAll(async () => {
    actors = kit()
    await login(actors)
    value = actors.jar.get(name) ?? ''
    await login(actors)
    other = actors.jar.get(name) ?? ''
  })

  test('it is read as it was set', async () => {
    expect(await statusOf(actors, value)).toBe('ok')
  })

  test('each character changed F-42 A-10', async () => {
    for (let i = 0; i < value.length; i++) {
      const next = alphabet[(alphabet.indexOf(value[i] ?? '') + 1) % alphabet.length]
      const changed = value.slice(0, i) + next + value.slice(i + 1)
      expect([i, await statusOf(actors, changed)]).toEqual([i, 'none'])
    }
  })

  test('every other spelling of the last character F-42', async () => {
    for (const last of alphabet.replace(value.slice(-1), '')) {
      expect([last, await statusOf(actors, value.slice(0, -1) + last)]).toEqual([last, 'none'])
    }
  })

  test('cut at every length, and made longer F-42', async () => {
    for (let length = 1; length < value.length; length++) {
      expect([length, await statusOf(actors, value.slice(0, length))]).toEqual([length, 'none'])
    }
    for (const more of ['A', '=', '*', ' x', '%00', value, `*${value}`]) {
      expect([more, await statusOf(actors, value + more)]).toEqual([more, 'none'])
    }
  })

  test('in another case, quoted or encoded F-42', async () => {
    const forms = [
      value.toLowerCase(),
      value.toUpperCase(),
      `"${value}"`,
      encodeURIComponent(value).replaceAll('.', '%2E'),
      value.replaceAll('*', '%2A'),
      value.replace('Fe26.2', 'Fe26.1'),
    ]
    for (const form of forms) expect([form, await statusOf(actors, form)]).toEqual([form, 'none'])
  })

  test('its parts exchanged with those of another seal F-42', async () => {
    const parts = value.split('*')
    const others = other.split('*')
    expect(parts.length).toBe(8)
    for (let i = 0; i < parts.length; i++) {
      if (parts[i] === others[i]) continue // version, key id and what is empty are the same
      const mixed = parts.with(i, others[i] ?? '').join('*')
      expect([i, await statusOf(actors, mixed)]).toEqual([i, 'none'])
    }
  })

  test('the id of its key is no key of ours: also not a member of every object F-44', async () => {
    const ids = ['__proto__', 'constructor', 'toString', '', '0'.repeat(16), '../../etc']
    for (const id of ids) {
      const changed = value.split('*').with(1, id).join('*')
      expect([id, await statusOf(actors, changed)]).toEqual([id, 'none'])
    }
  })
})

test('a flow cookie that was changed begins no login F-42 [G2]', async () => {
  const actors = kit()
  const { state } = await beginLogin(actors)
  const [cookie] = actors.jar.cookies()
  const value = cookie?.value ?? ''
  for (let i = 0; i < value.length; i += 7) {
    const changed = `${value.slice(0, i)}${value[i] === 'A' ? 'B' : 'A'}${value.slice(i + 1)}`
    const answer = await cookieJar().send(
      actors.dance.handle,
      `${origin}/login/fake/callback?code=x&state=${state}`,
      { site: 'cross-site', headers: { cookie: `${cookie?.name}=${changed}` } },
    )
    expect([i, answer.status]).toEqual([i, 400])
    expect(answer.headers.getSetCookie()).toEqual([]) // what we cannot open is left in place
  }
  expect(actors.fake.tokenRequests.length).toBe(0)
})

describe('secrets', () => {
  const older = 'vJ0mQ2xYc8sLtN4bRkWfZ7hPgD1eUaTiOoV9wMxSjYk'
  const token = fakeProvider().issueToken()
  const app = (actors: Kit) =>
    actors.dance.wrap(async (_request, visit) => {
      const connection = await visit.connection('fake')
      return new Response(connection.status)
    })

  test('what an older one sealed opens, and is sealed anew by the next write F-44 A-10', async () => {
    const jar = await signedInJar(kit({ secret: older }).dance, 'fake', token)
    const ring = kit({ secret: [secret, older] })
    expect(await (await jar.send(app(ring), `${origin}/`)).text()).toBe('ok')
    await signedInJar(ring.dance, 'fake', token, { jar })
    const newest = kit({ secret })
    expect(await (await jar.send(app(newest), `${origin}/`)).text()).toBe('ok')
  })

  test('what a removed one sealed is absent, as is what another deployment sealed F-43 F-44', async () => {
    const jar = await signedInJar(kit({ secret: older }).dance, 'fake', token)
    expect(await (await jar.send(app(kit({ secret })), `${origin}/`)).text()).toBe('none')
  })

  test('a list in the environment is separated by commas, newest first F-44', async () => {
    const jar = await signedInJar(kit({ secret: older }).dance, 'fake', token)
    const env = { DANCE_SECRET: `${secret}, ${older}` }
    const ring = kit({ secret: undefined, env })
    expect(await (await jar.send(app(ring), `${origin}/`)).text()).toBe('ok')
  })

  test('the same secret as hex opens what it sealed as base64url', async () => {
    const octets = Uint8Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const hex = [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('')
    const jar = await signedInJar(kit().dance, 'fake', token)
    expect(await (await jar.send(app(kit({ secret: hex })), `${origin}/`)).text()).toBe('ok')
  })
})

test('nothing can be read from a cookie without the key F-45 A-10 [G11]', async () => {
  const actors = kit({ owner: () => 'alice@example.test' })
  await beginLogin(actors, '/login/fake?returnTo=/secret-place')
  const flow = actors.jar.header()
  await login(actors)
  const readable = ['alice', 'secret-place', 'octocat', 'fake-client', ...actors.fake.secrets()]
  for (const header of [flow, actors.jar.header()]) {
    const parts = header.split(/[*=; ]+/)
    const texts = parts.flatMap((part) => [part, decoded(part)])
    for (const canary of readable) expect(texts.filter((text) => text.includes(canary))).toEqual([])
  }
})

function decoded(part: string): string {
  try {
    return atob(part.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}
