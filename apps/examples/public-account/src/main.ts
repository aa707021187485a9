import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startExample } from '@fetch-dance/examples-stage'
import { serve } from 'srvx'
import { createApp } from './app.ts'
import { openDatabase } from './database.ts'
import { lanternAsX } from './lantern-as-x.ts'

const { DATABASE_URL, OPERATOR_PASSPHRASE } = process.env

await startExample({
  name: 'public-account',
  title: 'The open account',
  provider: 'x',
  ...lanternAsX,
  async run(env, port) {
    // Without a DATABASE_URL everything is gone with the process, as the DANCE_SECRET of the stage is.
    const folder = mkdtempSync(join(tmpdir(), 'public-account-'))
    const db = await openDatabase(DATABASE_URL || `file:${join(folder, 'club.db')}`)
    const passphrase = OPERATOR_PASSPHRASE || randomBytes(9).toString('base64url')
    const fetch = createApp({ env, db, passphrase })
    const server = serve({
      fetch,
      port,
      hostname: '127.0.0.1',
      silent: true,
      gracefulShutdown: false, // the stage ends it
      maxRequestBodySize: 10_000, // more than any form of this app
    })
    await server.ready()
    if (!OPERATOR_PASSPHRASE) console.log(`\n  The operator's passphrase is ${passphrase}`)
    return {
      async close() {
        await server.close(true)
        db.$client.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
})
