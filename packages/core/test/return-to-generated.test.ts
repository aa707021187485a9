import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { kit, origin } from './support/kit.ts'
import { type Actors, login } from './support/login.ts'

/** Pieces from which addresses and their disguises are put together. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('/', '\\', '.', '..', '%2f', '%5c', '%2e', '@', ':') },
  { weight: 2, arbitrary: fc.constantFrom('evil.test', 'app.test', 'https:', origin, '?', '#') },
  { weight: 1, arbitrary: fc.constantFrom('\t', '\n', '\r', '\0', ' ', '\u00a0', '%09', '%00') },
  { weight: 1, arbitrary: fc.constantFrom('／', '＼', '．', '。', '\u202e', '%25', '%', '%ff') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
)
const address = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
const rooted = address.map((text) => `/${text}`)

const runs = 400

test('no generated returnTo leaves the origin through a real login NX-16 F-32 [G6]', async () => {
  const actors: Actors = kit()
  let kept = 0
  const property = fc.asyncProperty(fc.oneof(rooted, address), async (value) => {
    const answer = await login(actors, `/login/fake?returnTo=${encodeURIComponent(value)}`)
    expect(answer.status).toBe(303)
    const location = answer.headers.get('location') ?? ''
    expectWithin(location)
    if (location !== '/') kept += 1
  })
  await fc.assert(property, { numRuns: runs })
  // values that all became "/" would prove nothing
  expect(kept).toBeGreaterThan(runs / 20)
})

test('nor does one through logout [G6]', async () => {
  const { dance, jar } = kit()
  const property = fc.asyncProperty(fc.oneof(rooted, address), async (value) => {
    const answer = await jar.send(dance.handle, `${origin}/login/fake/logout`, {
      method: 'POST',
      body: new URLSearchParams({ returnTo: value }),
    })
    expect(answer.status).toBe(303)
    expectWithin(answer.headers.get('location') ?? '')
  })
  await fc.assert(property, { numRuns: runs })
})

/** A path of the app however it is read: by the URL standard, decoded once, or with backslashes for slashes. */
function expectWithin(location: string): void {
  expect(location).toMatch(/^\/[\x21-\x7e]*$/)
  const { pathname } = new URL(location, origin)
  for (const reading of [location, pathname, decodeURIComponent(pathname)]) {
    expect(reading).not.toMatch(/^[/\\]{2}/)
    expect(reading.includes('\\') && reading === pathname).toBe(false)
    expect(new URL(reading, origin).origin).toBe(origin)
  }
}
