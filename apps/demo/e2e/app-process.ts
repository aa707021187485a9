import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { dirname } from 'node:path'

/** An app as people start it: a process of its own that prints where it is. */
export interface AppProcess {
  readonly url: string
  readonly lantern: string
  /** All it has printed so far. */
  output(): string
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts `src/main.ts` of an app, with nothing in its environment but these variables. */
export async function startAppProcess(
  main: string,
  variables: Readonly<Record<string, string>>,
): Promise<AppProcess> {
  const env = { PATH: process.env.PATH, PORT: String(await somePort()), ...variables }
  const cwd = dirname(dirname(main))
  const child = spawn(process.execPath, [main], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const listen = (chunk: Buffer): void => {
    output += String(chunk)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  await untilReady(child, () => output)
  const [, url = ''] = /runs at (http:\S+)/.exec(output) ?? []
  const [, lantern = ''] = /Lantern,.* (http:\S+)/.exec(output) ?? []
  return { url, lantern, output: () => output, stop: (signal) => stopChild(child, signal) }
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  while (!output().includes('Ctrl-C ends')) {
    if (child.exitCode !== null) throw new Error(`The app ended: ${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** A port that was free a moment ago, far from those that people use. */
export async function somePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}
