import { expect, test } from 'vitest'
import { startPlain } from '../hosts/plain.ts'
import { themes } from '../requests/index.ts'
import { readRecords } from '../support/records.ts'
import { testFramework } from './framework.ts'

testFramework('plain wrap()', startPlain)

test('there are 200 requests and more, and a record of each and of no other', () => {
  const names = Object.entries(themes).map(([theme, requests]) => [theme, Object.keys(requests)])
  const recorded = Object.keys(themes).map((theme) => [theme, Object.keys(readRecords(theme))])
  expect(recorded).toEqual(names)
  expect(names.flatMap(([, one = []]) => one).length).toBeGreaterThanOrEqual(200)
})
