import { expect, test } from 'vitest'
import { nextDifferences } from '../differences/next.ts'
import { startNext } from '../hosts/next.ts'
import { testFramework } from './framework.ts'

const answeredByNext = Object.entries(nextDifferences).flatMap(([theme, requests]) =>
  Object.keys(requests).map((name) => [theme, name] as const),
)

testFramework('danceRoutes() and withDance() in Next', startNext, nextDifferences, (stage) => {
  test('what Next answers itself sets no cookie, and reaches no token endpoint', async () => {
    const { answerTo, tokenRequests } = stage()
    const before = tokenRequests()
    for (const [theme, name] of answeredByNext) {
      const answer = await answerTo(theme, name)
      expect([name, answer.filter((line) => line.startsWith('set-cookie'))]).toEqual([name, []])
    }
    expect(tokenRequests()).toBe(before)
  })
})
