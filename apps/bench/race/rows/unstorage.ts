import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kv as d1Kv } from '@fetch-dance/storages/d1'
import { unstorage as storageOver } from '@fetch-dance/storages/unstorage'
import type { Kv } from 'fetch-dance'
import { Miniflare } from 'miniflare'
import { createStorage } from 'unstorage'
import filesDriver from 'unstorage/drivers/fs'
import type { Contestant, RaceEnv, Row } from '../row.ts'
import { isolatesOver } from './in-process.ts'

/** One folder, a client for each isolate. */
export const unstorage: Row = {
  name: 'unstorage alone',
  promised: false,
  open: (env, isolates) => overFolder(env, isolates),
}

/** The same beside a D1 database, as the small strong store. */
export const coordinatedUnstorage: Row = {
  name: 'unstorage + coordinator',
  promised: true,
  async open(env, isolates) {
    const miniflare = new Miniflare({ modules: true, script: '', d1Databases: { DB: 'database' } })
    const coordinator = d1Kv(await miniflare.getD1Database('DB'))
    const contestant = await overFolder(env, isolates, coordinator)
    const close = async () => {
      await contestant.close?.()
      await miniflare.dispose()
    }
    return { ...contestant, close }
  },
}

async function overFolder(env: RaceEnv, isolates: number, coordinator?: Kv): Promise<Contestant> {
  const base = await mkdtemp(join(tmpdir(), 'fetch-dance-race-'))
  const options = coordinator && { coordinator }
  const storages = Array.from({ length: isolates }, () =>
    storageOver(createStorage({ driver: filesDriver({ base }) }), options),
  )
  return {
    isolates: isolatesOver(env, storages),
    close: () => rm(base, { recursive: true, force: true }),
  }
}
