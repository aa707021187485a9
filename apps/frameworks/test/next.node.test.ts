import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { nextDifferences, rowsOfNext } from '../differences/next.ts'
import { startNext } from '../hosts/next.ts'
import { testFramework } from './framework.ts'

const readme = new URL('../../../packages/next/README.md', import.meta.url)
const differing = Object.entries(nextDifferences).flatMap(([theme, requests]) =>
  Object.keys(requests).map((name) => [theme, name] as const),
)

testFramework('danceRoutes() and withDance() in Next', startNext, nextDifferences, (stage) => {
  test('what Next answers itself sets no cookie, and reaches no token endpoint', async () => {
    const { answerTo, tokenRequests } = stage()
    const before = tokenRequests()
    for (const [theme, name] of differing) {
      const answer = await answerTo(theme, name)
      expect([name, answer.filter((line) => line.startsWith('set-cookie'))]).toEqual([name, []])
    }
    expect(tokenRequests()).toBe(before)
  })
})

test("what Next answers itself is in its package's README, and nothing else is", async () => {
  const text = await readFile(readme, 'utf8')
  const rows = [...text.matchAll(/^\| `([A-Z]+ [^|]+?) *\| (\d{3}) +\|/gm)]
  const listed = rows.map(([, request = '', status]) => `${request.replaceAll('`', '')}: ${status}`)
  // A 404 is what the dance answers too, and the others no Request can say.
  const others = listed.filter((row) => /: 404$|^OPTIONS \*|^TRACE /.test(row))
  expect(others.length).toBeGreaterThan(0)
  expect(listed.filter((row) => !others.includes(row)).sort()).toEqual(rowsOfNext())
})
