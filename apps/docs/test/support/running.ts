import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { App } from '@fetch-dance/testing'
import { appAt } from '../../../../packages/testing/test/support/over-http.ts'

/** The app that is asked, whatever address it listens at: what stands before it ends TLS. */
export const origin = 'https://app.test'

/** An app that answers, until it is stopped. */
export interface RunningApp {
  readonly app: App
  /** Where it listens, if it does. */
  readonly port?: number
  stop(): void | Promise<void>
}

/** The environment that a deployment would give. */
export function environment(issuer: string, at: string = origin): Record<string, string> {
  return {
    DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
    DANCE_ORIGIN: at,
    FAKE_ISSUER: issuer,
    NODE_ENV: 'production',
  }
}

/** Where the recipes are. */
export const recipes: string = fileURLToPath(new URL('../../recipes/', import.meta.url))

const tools = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

/** Starts a server that listens at `PORT`, a free one unless it is given, and waits until it does. */
export async function startServer(
  command: readonly [string, ...string[]],
  o: { readonly env: Record<string, string>; readonly folder?: string },
): Promise<RunningApp> {
  const port = Number(o.env.PORT ?? (await freePort()))
  const { child, output } = run(command, {
    folder: o.folder,
    env: { ...o.env, PORT: String(port), HOST: '127.0.0.1' },
  })
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`Cannot start ${command.join(' ')}\n${output()}`)
    await setTimeout(50)
  }
  return { app: appAt(port), port, stop: () => void child.kill('SIGKILL') }
}

/** Runs a command to its end. */
export async function build(
  command: readonly [string, ...string[]],
  o: { readonly env: Record<string, string>; readonly folder: string },
): Promise<void> {
  const { child, output } = run(command, o)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`Cannot build by ${command.join(' ')}: ${code}\n${output()}`)
}

function run(
  [file, ...args]: readonly [string, ...string[]],
  { env, folder = recipes }: { env: Record<string, string>; folder?: string | undefined },
): { child: ChildProcess; output: () => string } {
  let output = ''
  const child = spawn(file, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${tools}:${process.env.PATH}`, ...env },
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return { child, output: () => output }
}

/** A port of loopback at which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function isListening(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/robots.txt`)
    return true
  } catch {
    return false
  }
}
