import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { freePort } from './free-port.ts'

const server = '/usr/sbin/mariadbd'

/** Why the tests against MariaDB are skipped here; undefined where they run. */
export const noMariadb: string | undefined = existsSync(server)
  ? undefined
  : 'needs the program mariadbd (Debian: apt-get install mariadb-server)'

/** A MariaDB server of its own. */
export async function startMariadb(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-dance-mariadb-'))
  const port = await freePort()
  const options = ['--no-defaults', `--datadir=${folder}/data`]
  if (process.getuid?.() === 0) options.push('--user=mysql')
  await chmod(folder, 0o777)
  execFileSync('mariadb-install-db', [
    ...options,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
  const child = spawn(
    server,
    [
      ...options,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${folder}/socket`,
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-flush-method=nosync',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await ready(child)
  const url = `mysql://root@127.0.0.1:${port}`
  const connection = await createConnection(url)
  await connection.query('create database app')
  await connection.end()
  return {
    url: `${url}/app`,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until the server says that it takes connections. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/ready for connections/.test(said)) resolve()
    })
    child.on('exit', (code) => reject(new Error(`mariadbd ended with ${code}: ${said}`)))
  })
}
