import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { App } from '@fetch-dance/testing'
import { appAt } from '../../../testing/test/support/over-http.ts'

const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const cache = fileURLToPath(new URL('../../../../.cache', import.meta.url))
const fixture = fileURLToPath(new URL('../fixture', import.meta.url))

/** A Next app that was built and started. */
export interface NextApp {
  readonly app: App
  /** Other processes that serve the same build. */
  readonly others: readonly App[]
  readonly port: number
  /** All it has printed so far. */
  output(): string
  stop(): Promise<void>
}

/**
 * Builds the fixture and starts it.
 *
 * @param prepare Adds to its folder before.
 * @param instances How many processes serve it.
 */
export async function startNextApp(
  variables: Readonly<Record<string, string>>,
  prepare: (folder: string) => Promise<void>,
  instances = 1,
): Promise<NextApp> {
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'next-'))
  const run = (...args: string[]) => runNext(folder, variables, args)
  await cp(fixture, folder, { recursive: true, filter: (path) => !path.includes('.next') })
  await prepare(folder)
  const build = run('build')
  const printed = outputOf(build)
  const [code] = await once(build, 'close')
  if (code !== 0) throw new Error(`next build ended with exit code ${code}\n${printed()}`)
  // at 127.0.0.1 Next would take a rewrite within the app for one to elsewhere: its requests say localhost
  const start = () => run('start', '--hostname', 'localhost', '--port', '0')
  const servers = Array.from({ length: instances }, start)
  const outputs = servers.map(outputOf)
  const ports = await Promise.all(servers.map((server, i) => portOf(server, outputs[i])))
  const [port = 0] = ports
  const [app = appAt(port), ...others] = ports.map(appAt)
  const stop = async () => {
    for (const server of servers) server.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  return { app, others, port, output: () => outputs.map((output) => output()).join('\n'), stop }
}

function runNext(
  cwd: string,
  variables: Readonly<Record<string, string>>,
  args: readonly string[],
): ChildProcess {
  const env = {
    ...process.env,
    ...variables,
    NODE_ENV: 'production' as const,
    NODE_OPTIONS: `--dns-result-order=ipv4first ${variables['NODE_OPTIONS'] ?? ''}`,
    NEXT_TELEMETRY_DISABLED: '1',
  }
  return spawn(process.execPath, [next, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env })
}

/** The port that a server tells it listens at. */
async function portOf(child: ChildProcess, output = () => ''): Promise<number> {
  while (child.exitCode === null) {
    const [, port] = /- Local: +http:\/\/[^:\s]+:(\d+)\s/.exec(output()) ?? []
    if (port !== undefined) return Number(port)
    await setTimeout(50)
  }
  throw new Error(`next start ended with exit code ${child.exitCode}\n${output()}`)
}

/** All that a process has printed so far; it can go on printing. */
function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let output = ''
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return () => output
}
