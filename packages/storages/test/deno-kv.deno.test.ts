import { denoKv, kv } from '@fetch-dance/storages/deno-kv'
import { describeKv, describeTokenStorage } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { afterEach, describe, expect, test } from 'vitest'
import { loadGuide } from './support/guide.ts'
import { tellStories } from './support/stories.ts'
import { walkWholeDance } from './support/whole-dance.ts'

const key = { group: 'a group', name: 'a name' }
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one()
})

/** A database that is there as long as a test. */
async function open(path = ':memory:'): Promise<Deno.Kv> {
  const database = await Deno.openKv(path)
  undo.push(() => database.close())
  return database
}

/** One file, open twice: as if it were in two processes. */
async function openTwice(): Promise<[Deno.Kv, Deno.Kv]> {
  const folder = await Deno.makeTempDir()
  undo.push(() => Deno.remove(folder, { recursive: true }))
  return [await open(`${folder}/kv`), await open(`${folder}/kv`)]
}

const openStorage = async () => denoKv(await open())

describeKv('Deno KV', async () => (await openTwice()).map(kv), { describe, test })
describeTokenStorage('denoKv', async () => (await openTwice()).map(denoKv), { describe, test })
tellStories('denoKv', openStorage)

test('denoKv() carries a whole dance NX-08 NX-10 [G9]', async () => {
  await walkWholeDance(await openStorage())
})

test('the guide to denoKv() is enough for a whole dance', async () => {
  const database = await open()
  // Its lines open the database of the app: here one in memory
  replaceDeno(Object.create(Deno, { openKv: { value: async () => database } }))
  const { storage } = await loadGuide<{ storage: TokenStorage }>('denoKv(() =>', {})
  await walkWholeDance(storage)
})

test('put() refuses what is longer than 64 KiB, and keeps what was there', async () => {
  const store = kv(await open())
  await store.put(key, 'x'.repeat(60 * 1024))
  await expect(store.put(key, 'y'.repeat(64 * 1024 + 1))).rejects.toThrow('65536')
  expect((await store.get(key))?.value).toBe('x'.repeat(60 * 1024))
})

test('list() finds more than Deno KV hands out at once', async () => {
  const store = kv(await open())
  const names = Array.from({ length: 1100 }, (_, number) => `${number}`.padStart(4, '0'))
  await Promise.all(names.map((name) => store.put({ group: 'g', name }, 'v')))
  const page = await store.list('g', { limit: 1099 })
  expect(page).toEqual({ names: names.slice(0, 1099), after: '1098' })
  expect(await store.list('g', { limit: 1099, after: '1098' })).toEqual({ names: ['1099'] })
})

test('put() takes what has ended long ago, and get() does not wait for Deno KV to collect it', async () => {
  const store = kv(await open())
  await store.put(key, 'old', { expiresAt: Date.now() / 1000 - 3600 })
  expect(await store.get(key)).toBeNull()
  expect(await store.put(key, 'new', { ifVersion: null })).not.toBe('conflict')
})

describe('a function that opens Deno KV', () => {
  test('is called at first use, and once by ten at the same time', async () => {
    let opened = 0
    const store = kv(() => {
      opened++
      return open()
    })
    expect(opened).toBe(0)
    const names = Array.from({ length: 10 }, (_, number) => `${number}`)
    await Promise.all(names.map((name) => store.put({ group: 'g', name }, 'v')))
    expect((await store.list('g')).names).toEqual(names)
    expect(await store.delete({ group: 'g', name: '0' })).toBe(true)
    expect(await store.get({ group: 'g', name: '1' })).toMatchObject({ value: 'v' })
    expect(opened).toBe(1)
  })

  test('is called again after a failure, which says what failed and quotes nothing', async () => {
    let failures = 0
    const store = kv(async () => {
      if (failures++ === 0) throw new Deno.errors.NotCapable('not by a canary')
      return open()
    })
    const message = 'Cannot open Deno KV: it threw: NotCapable'
    await expect(store.get(key)).rejects.toThrow(message)
    expect(await store.get(key)).toBeNull()
  })

  test('makes storage_failed name the flag that is missing', async () => {
    replaceDeno(Object.create(Deno, { openKv: { value: undefined } }))
    const storage = denoKv(() => Deno.openKv())
    await expect(storage.list({})).rejects.toMatchObject({
      code: 'storage_failed',
      message: 'Cannot open Deno KV: start Deno with --unstable-kv',
    })
  })

  test('does not blame the flag for a path that no database can have', async () => {
    const storage = denoKv(() => Deno.openKv(''))
    await expect(storage.list({})).rejects.toThrow('Cannot open Deno KV: it threw: TypeError')
  })

  test('carries a whole dance NX-08 NX-10 [G9]', async () => {
    await walkWholeDance(denoKv(() => open()))
  })
})

function replaceDeno(value: typeof Deno): void {
  const before = { ...Object.getOwnPropertyDescriptor(globalThis, 'Deno') }
  undo.push(() => Object.defineProperty(globalThis, 'Deno', before))
  Object.defineProperty(globalThis, 'Deno', { ...before, value })
}
