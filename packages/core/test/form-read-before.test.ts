import { signedInJar } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { kit, origin } from './support/kit.ts'

test('a form that something else has read is refused, not taken for an empty one', async () => {
  const { dance, fake } = kit()
  const jar = await signedInJar(dance, 'fake', fake.issueToken())
  const kept = jar.get('__Host-dance.fake')
  const body = 'account=another'
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const refused = async (change: (request: Request) => unknown) => {
    const readBefore = async (request: Request) => {
      await request.text()
      change(request)
      return dance.handle(request)
    }
    const answer = await jar.send(readBefore, `${origin}/login/fake/logout`, {
      method: 'POST',
      headers,
      body,
    })
    return answer.status
  }
  expect(await refused(() => {})).toBe(400)
  // as servers that make a body when it is asked for, and have none left
  expect(await refused((request) => Object.defineProperty(request, 'body', { value: null }))).toBe(
    400,
  )
  expect(jar.get('__Host-dance.fake')).toBe(kept)
})
