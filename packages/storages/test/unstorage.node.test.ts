import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unstorage } from '@fetch-dance/storages/unstorage'
import { describeKv, describeTokenStorage, memoryKv } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { createStorage, type Storage } from 'unstorage'
import fs from 'unstorage/drivers/fs'
import memory from 'unstorage/drivers/memory'
import { afterEach, describe, expect, test } from 'vitest'
import { unstorageKv } from '../src/unstorage-kv.ts'
import { loadGuide } from './support/guide.ts'
import { tellStories } from './support/stories.ts'
import { walkWholeDance } from './support/whole-dance.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

const drivers: Record<string, () => Promise<Storage>> = {
  memory: async () => createStorage({ driver: memory() }),
  async fs() {
    const base = await mkdtemp(join(tmpdir(), 'fetch-dance-unstorage-'))
    folders.push(base)
    return createStorage({ driver: fs({ base }) })
  },
}

for (const [name, open] of Object.entries(drivers)) {
  const title = `unstorage, with the driver ${name},`
  const openKv = async () => unstorageKv(await open())
  const openStorage = async () => unstorage(await open())
  describeKv(title, openKv, { describe, test, atomic: false })
  describeTokenStorage(title, openStorage, { describe, test, consistency: 'eventual' })
  tellStories(title, openStorage, 'eventual')

  test(`unstorage() with the driver ${name} carries a whole dance NX-08`, async () => {
    await walkWholeDance(await openStorage())
  })
}

test('the guide to unstorage() is enough for a whole dance', async () => {
  const { storage } = await loadGuide<{ storage: TokenStorage }>(
    'unstorage(createStorage()) //',
    {},
  )
  await walkWholeDance(storage)
})

test('unstorage() hands its coordinator on', () => {
  const coordinator = memoryKv()
  expect(unstorage(createStorage(), { coordinator }).coordinator).toBe(coordinator)
  expect(unstorage(createStorage()).coordinator).toBeUndefined()
})

test('what somebody else wrote under our key is an error, not "not connected"', async () => {
  const storage = createStorage()
  await storage.setItem('fetch-dance:-g:-n', 'something else')
  await expect(unstorageKv(storage).get({ group: 'g', name: 'n' })).rejects.toThrow('-n')
})
