import { describeTokenStorage, memoryKv } from '@fetch-dance/testing'
import { kvStorage } from 'fetch-dance/kv-storage'
import { describe, expect, test } from 'vitest'
import { foldingKv, loggingKv, telling } from './support/kv-doubles.ts'

const key = { provider: 'github', owner: 'user:42', account: 'https://id.test|1' }
const { provider, owner, account } = key
const record = { value: 'sealed', connectedAt: 1 }

const fold = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[/:?.]/g, ':')
    .trimEnd()

describeTokenStorage(
  'kvStorage over a Kv that takes names for one which differ in case or in one of / : ? .',
  () => kvStorage(foldingKv(fold)),
  { describe, test },
)

describeTokenStorage(
  'kvStorage over a Kv whose entries never expire',
  () => {
    const kv = memoryKv()
    const put: typeof kv.put = (at, value, { expiresAt: _, ...o } = {}) => kv.put(at, value, o)
    return kvStorage({ ...kv, put })
  },
  { describe, test },
)

describeTokenStorage(
  'kvStorage, several of them over one Kv',
  () => {
    const kv = memoryKv()
    return [kvStorage(kv), kvStorage(kv), kvStorage(kv)]
  },
  { describe, test },
)

describe('kvStorage()', () => {
  test('is strong over a Kv that is atomic, and hands its coordinator on', () => {
    const coordinator = memoryKv()
    const late = kvStorage(memoryKv({ atomic: false }), { coordinator })
    expect(late.consistency).toBe('eventual')
    expect(late.coordinator).toBe(coordinator)
    expect(kvStorage(memoryKv()).consistency).toBe('strong')
  })

  test('names everything in a-z, 0-9, - _ ~, in 200 octets, and writes printable ASCII', async () => {
    const kv = loggingKv()
    const storage = kvStorage(kv)
    const ids = ['U', 'ü', 'u\u0000', '\ud800', '🙂', 'u/1:?.%', '__proto__', 'x'.repeat(600)]
    for (const id of [...ids, 'Ü'.repeat(59)]) {
      const hostile = { provider: id, owner: `user:${id}`, account: id }
      const stored = { ...telling({ session: id, dueAt: 1e15 }), expiresAt: 4e9 }
      await storage.put(hostile, stored, { exclusive: true })
      expect((await storage.get(hostile))?.key).toEqual(hostile)
      const { keys } = await storage.list({ provider: id, session: id })
      expect(keys).toEqual([hostile])
    }
    for (const { group, name } of kv.keys) {
      expect(group).toMatch(/^[a-z0-9_~-]{1,200}$/)
      expect(name).toMatch(/^[a-z0-9_~-]{1,200}$/)
    }
    for (const value of kv.values) expect(value).toMatch(/^[ -~]+$/)
  })

  test('keeps texts with different halves of a character apart', async () => {
    const storage = kvStorage(memoryKv())
    for (const half of ['\ud83d', '\ud83e', '\ufffd']) {
      await storage.put({ ...key, owner: `user:${half}` }, { ...record, value: half })
    }
    expect((await storage.get({ ...key, owner: 'user:\ud83d' }))?.value).toBe('\ud83d')
    expect((await storage.get({ ...key, owner: 'user:\ud83e' }))?.value).toBe('\ud83e')
  })

  test('keeps all of an owner in one group, and reads a known key at once', async () => {
    const kv = loggingKv()
    await kvStorage(kv).get(key)
    await kvStorage(kv).get({ ...key, provider: 'google' })
    expect(kv.calls).toEqual([
      'get owner~user_3a_42 github~https_3a__2f__2f_id_2e_test_7c_1',
      'get owner~user_3a_42 google~https_3a__2f__2f_id_2e_test_7c_1',
    ])
  })

  test('reads the account connected last in two steps', async () => {
    const kv = loggingKv()
    const storage = kvStorage(kv)
    await storage.put(key, record)
    await storage.put({ ...key, provider: 'google' }, record)
    kv.calls.length = 0
    await storage.get({ provider, owner })
    expect(kv.calls).toEqual(['list owner~user_3a_42', expect.stringMatching(/^get owner~\S+ git/)])
  })

  test('takes the id of a flow in one operation, listed nowhere [G2]', async () => {
    const kv = loggingKv()
    const flow = { provider: 'flow', owner: 'Random-id_1', account: '' }
    const o = { ifVersion: null }
    await kvStorage(kv).put(flow, { ...record, expiresAt: 4e9 }, o)
    expect(kv.calls).toEqual(['put owner~_52_andom-id_5f_1 flow~'])
    expect(await kvStorage(kv).put(flow, { ...record, expiresAt: 4e9 }, o)).toBe('conflict')
  })

  test('writes a renewed record with a read and a write, its place in the lists unchanged', async () => {
    const kv = loggingKv()
    const storage = kvStorage(kv)
    const renewed = telling({ session: 's', dueAt: 100 })
    await storage.put(key, { ...renewed, expiresAt: 3e9 }, { exclusive: true })
    for (const exclusive of [false, true]) {
      const ifVersion = (await storage.get(key))?.version ?? null
      kv.calls.length = 0
      await storage.put(key, { ...renewed, expiresAt: 3e9 + 3600 }, { ifVersion, exclusive })
      expect(kv.calls.map((call) => call.split(' ')[0])).toEqual(['get', 'put'])
    }
  })

  test('stops at what is not due: a list does not lead through all that comes later', async () => {
    const storage = kvStorage(memoryKv())
    for (const dueAt of [100, 200, 300, 400]) {
      await storage.put({ ...key, account: `${dueAt}` }, telling({ dueAt }))
    }
    const page = await storage.list({ dueBefore: 200 }, { limit: 2 })
    expect(page).toEqual({ keys: [{ ...key, account: '100' }] })
  })

  test('lets index entries outlive the record, and go in the end', async () => {
    const kv = memoryKv()
    const lives: number[] = []
    const put: typeof kv.put = (at, value, o) => {
      if (at.group !== 'owner~user_3a_42') lives.push(o?.expiresAt ?? Number.POSITIVE_INFINITY)
      return kv.put(at, value, o)
    }
    const expiresAt = 3_000_000_001
    await kvStorage({ ...kv, put }).put(key, { ...telling({ session: 's' }), expiresAt })
    const month = 30 * 24 * 3600
    expect(lives.length).toBe(3)
    for (const life of lives) {
      expect(life).toBeGreaterThanOrEqual(expiresAt + month)
      expect(life).toBeLessThanOrEqual(expiresAt + 2 * month)
    }
  })

  test('hands on what somebody else wrote under a name, so that a login can replace it', async () => {
    for (const foreign of ['no JSON', '12', 'null', '{"value":"x"}']) {
      const kv = loggingKv()
      const storage = kvStorage(kv)
      await storage.put(key, record)
      const place = kv.keys.find(({ group }) => group.startsWith('owner~'))
      if (place) await kv.put(place, foreign)
      expect(await storage.get(key)).toMatchObject({ key, value: foreign })
      const last = await storage.get({ provider, owner })
      expect(last?.value).toBe(foreign)
      expect(await storage.put(key, record, { ifVersion: null })).toBe('conflict')
      const put = await storage.put(key, record, { ifVersion: last?.version ?? null })
      expect(put).toMatchObject({ version: expect.any(String) })
      expect(await storage.get(key)).toMatchObject({ key, value: 'sealed' })
      expect((await storage.list({ provider, account })).keys).toEqual([key])
    }
  })
})
