import { expect, test } from 'vitest'
import { sealedPlaces } from './support/sealed-values.ts'

// A browser's token is moved to a storage on the server, where the app has come to have one.
const moves = new Map([
  ['token at fake', 'browser at fake'],
  ['token at other', 'browser at other'],
])

// Each value under each name: what is sealed for one purpose, provider, owner or flow is nothing anywhere else.
test('a sealed value opens where it belongs and nowhere else CVE-2023-48309 F-43 GHSA-x445-f3h2-j279 A-19 [G2]', async () => {
  const places = await sealedPlaces()
  expect(places.length).toBe(13)
  expect(new Set(places.map(({ value }) => value)).size).toBe(13)
  for (const { place: from, value } of places) {
    const opened: string[] = []
    for (const { place, opens } of places) if (await opens(value)) opened.push(place)
    expect([from, opened]).toEqual([from, [from, moves.get(from) ?? []].flat()])
  }
})
