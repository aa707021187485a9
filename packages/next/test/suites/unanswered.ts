import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ask } from '../support/ask.ts'
import type { Scene } from '../support/scene.ts'

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
const row = /^\| `([A-Z]+ [^`\s]+)`(?: with `([^`]+)`)?[^|]*\| (\d{3}) +\|/gm
const rows = [...readme.matchAll(row)]
const long = 'x='.padEnd(17_000, 'x')

export function tellUnanswered(scene: () => Scene): void {
  describe('what Next answers itself, by the list of the README', () => {
    test('is a list', () => {
      expect(rows.length).toBeGreaterThan(15)
    })

    for (const [, line = '', header, status] of rows) {
      test(`${[line, header].filter(Boolean).join(' with ')}: sets no cookie and reaches no token endpoint`, async () => {
        const { github, port } = scene()
        const before = [github.tokenRequests.length, github.requests.authorize.length]
        const answer = await ask(port, line.replace('…', long), 'localhost:3000', header)
        expect(answer.status).toBe(Number(status))
        expect(answer.headers.has('set-cookie')).toBe(false)
        // every answer of the dance has it
        expect(answer.headers.has('referrer-policy')).toBe(false)
        expect([github.tokenRequests.length, github.requests.authorize.length]).toEqual(before)
      })
    }

    test('is not what the dance answers: it knows the same login, and starts it', async () => {
      const answer = await ask(scene().port, 'GET /login/github', 'localhost:3000')
      expect([answer.status, answer.headers.has('set-cookie')]).toEqual([302, true])
    })
  })
}
