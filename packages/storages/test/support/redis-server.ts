import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A Redis of our own, with nothing in it. */
export interface RedisServer {
  readonly port: number
  stop(): Promise<void>
}

/** Why the tests against a real Redis are skipped here; undefined where they run. */
export const noRedis: string | undefined = findRedis()
  ? undefined
  : 'needs the program redis-server (Debian: apt-get install redis-server)'

function findRedis(): boolean {
  try {
    return execFileSync('redis-server', ['--version']).length > 0
  } catch {
    return false
  }
}

/** Starts a Redis in a folder of its own, and waits until it takes connections. */
export async function startRedis({
  cluster = false,
}: {
  cluster?: boolean
} = {}): Promise<RedisServer> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'fetch-dance-redis-'))
  const settings = {
    port: `${port}`,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    'maxmemory-policy': 'noeviction',
    ...(cluster && {
      'cluster-enabled': 'yes',
      'cluster-port': `${await freePort()}`,
      'cluster-announce-ip': '127.0.0.1',
    }),
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    if (String(text).includes('Ready to accept connections')) break
  }
  if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
  child.stdout.resume()
  return {
    port,
    async stop() {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
