import { fileURLToPath } from 'node:url'
import { type AppProcess, startAppProcess } from './app-process.ts'

/** Settings of the demo: `PORT`, `DEMO_TOKEN_SECONDS`, GitHub's credentials. */
export type DemoVariables = Readonly<Record<string, string>>

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export function startDemoProcess(variables: DemoVariables = {}): Promise<AppProcess> {
  return startAppProcess(main, variables)
}
