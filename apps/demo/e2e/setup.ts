import type { TestProject } from 'vitest/node'
import { removeChromium, type Unpacked, unpackChromium } from './browser.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    chromium: Unpacked
  }
}

/** Unpacks Chromium once per run; every test file starts its own from there. */
export default async function setup(project: TestProject): Promise<() => void> {
  const unpacked = await unpackChromium()
  project.provide('chromium', unpacked)
  return () => removeChromium(unpacked)
}
