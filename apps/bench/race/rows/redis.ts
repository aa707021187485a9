import { spawnSync } from 'node:child_process'
import { redis as redisStorage } from '@fetch-dance/storages/redis'
import { createClient } from 'redis'
import type { Row } from '../row.ts'
import { freePort } from './free-port.ts'
import { isolatesOver } from './in-process.ts'
import { startProcess } from './start-process.ts'

/** One server, a client for each isolate. */
export const redis: Row = {
  name: 'Redis',
  promised: true,
  missing() {
    const { error } = spawnSync('redis-server', ['--version'])
    return error === undefined ? null : 'there is no redis-server on this machine'
  },
  async open(env, isolates) {
    const port = await freePort()
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '']
    const server = await startProcess('redis-server', flags, /Ready to accept connections/)
    const connect = () => createClient({ url: `redis://127.0.0.1:${port}` }).connect()
    const clients = await Promise.all(Array.from({ length: isolates }, connect))
    return {
      isolates: isolatesOver(
        env,
        clients.map((client) => redisStorage(client)),
      ),
      async close() {
        for (const client of clients) client.destroy()
        await server.kill()
      },
    }
  },
}
