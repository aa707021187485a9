import { DanceError } from 'fetch-dance'
import { expect } from 'vitest'
import { kit } from './kit.ts'

/** What createDance throws, or null. */
export function failure(options: object): DanceError | null {
  try {
    kit(options)
    return null
  } catch (error) {
    if (error instanceof DanceError) return error
    throw error
  }
}

/** That createDance refuses options, and names the wrong one's path. */
export function expectNamed(options: object, path: string): void {
  const error = failure(options)
  expect([path, error?.code, error?.phase]).toEqual([path, 'option_invalid', 'options'])
  expect(error?.message).toContain(`"${path}"`)
  expect(error?.message).toMatch(/^Cannot use the option "[^"]+": [a-z"]/)
}
