import * as iron from 'iron-webcrypto'
import { describe, expect, test } from 'vitest'
import { danceCookies } from './support/dancing.ts'
import { kit, origin, secret } from './support/kit.ts'
import { login } from './support/login.ts'
import { requestWith } from './support/sealed-values.ts'

const name = '__Host-dance.fake'

/** A key as the wire format says: HKDF-SHA-256 of the secret. */
async function keyFor(use: string): Promise<Uint8Array> {
  const base64 = secret.replaceAll('-', '+').replaceAll('_', '/')
  const octets = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
  const base = await crypto.subtle.importKey('raw', octets, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode(`fetch-dance/1/${use}`)
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, 256))
}

describe('a seal is one of iron', () => {
  test('that iron opens with the derived keys, all of its binding inside', async () => {
    const actors = kit()
    await login(actors)
    expect(danceCookies(actors.jar)).toEqual(['fake'])
    const text = actors.jar.get(name) ?? ''
    const [, id = ''] = text.split('*')
    const passwords = { [id]: await passwordOf(id) }
    const content = await iron.unseal(text, passwords, iron.defaults)
    expect(content).toMatchObject({
      v: 1,
      purpose: 'token',
      name: 'fake',
      provider: 'fake',
      owner: 'browser:',
      exp: expect.any(Number),
      data: { token: { tokenType: 'Bearer' } },
    })
  })

  test('and one that iron made opens here', async () => {
    const actors = kit()
    await login(actors)
    const text = actors.jar.get(name) ?? ''
    const [, id = ''] = text.split('*')
    const password = await passwordOf(id)
    const content = await iron.unseal(text, { [id]: password }, iron.defaults)
    const again = await iron.seal(content, password, iron.defaults)
    const request = requestWith(`${origin}/`, { cookie: `${name}=${again}` })
    expect((await actors.dance.visit(request).connection('fake')).status).toBe('ok')
  })
})

async function passwordOf(id: string) {
  return { id, encryption: await keyFor('token/enc'), integrity: await keyFor('token/mac') }
}
