import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Differences } from '../differences/difference.ts'
import type { Start } from '../hosts/host.ts'
import { themes } from '../requests/index.ts'
import { type Records, readRecords } from '../support/records.ts'
import { openStage, type Stage } from '../support/stage.ts'
import { testWalks } from './walk.ts'

/**
 * Tests the app in a framework: all requests are answered as recorded, save where the framework is known to differ, and
 * the whole dance is walked at every mount.
 *
 * @param more Tests of this framework alone.
 */
export function testFramework(
  name: string,
  start: Start,
  differences: Differences = {},
  more: (stage: () => Stage) => void = () => {},
): void {
  describe(name, () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await openStage(start)
    })
    afterAll(() => stage?.stop())

    test.each(Object.keys(themes))('answers the %s as plain wrap() does', async (theme) => {
      const expected: Records = readRecords(theme)
      const answers: Records = {}
      for (const request of Object.keys(themes[theme] ?? {})) {
        answers[request] = await stage.answerTo(theme, request)
        const difference = differences[theme]?.[request]
        if (!difference) continue
        expect(difference.answer, `no difference: ${request}`).not.toEqual(expected[request])
        expected[request] = [...difference.answer]
      }
      expect(answers).toEqual(expected)
    })

    testWalks(() => stage)
    more(() => stage)
  })
}
