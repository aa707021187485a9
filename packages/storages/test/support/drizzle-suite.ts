import { describeTokenStorage, fakeProvider } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTurn } from './in-turn.ts'
import { appOver, browserOf, tellStories } from './stories.ts'

/** A database to try the storage on. */
export interface Database {
  /** Over the table `plain`, each with a connection of its own. */
  readonly plain: readonly TokenStorage[]
  /** Over the table `connections` of the README's lines, whose `user_id` refers to the table `users`. */
  readonly guide: TokenStorage
  /** Runs SQL, and answers with its rows. */
  sql(text: string): Promise<readonly object[]>
  /** Begins a transaction with a statement, where others wait for its locks, and answers with its end. */
  readonly hold?: (text: string) => Promise<() => Promise<void>>
  close(): Promise<void>
}

/** What the storage promises, on a real database: the contract, and what is not in it. */
export function describeDrizzle(name: string, open: () => Promise<Database>): void {
  describe(`drizzle() on ${name}`, () => {
    const opened: Database[] = []
    const empty = async (...tables: string[]) => {
      const [database] = opened
      if (!database) throw new Error('the database is not open')
      for (const table of tables) await database.sql(`delete from ${table}`)
      return database
    }
    beforeAll(async () => void opened.push(await open()))
    afterAll(async () => void (await opened.pop()?.close()))

    const openPlain = () => empty('plain')
    const storage = async () => inTurn((await openPlain()).plain)
    describeTokenStorage(name, storage, { describe, test })
    describeRows(openPlain)
    describeRaces(storage)
    // SQLite has one writer at a time
    if (!/SQLite|D1/.test(name)) describeLocks(openPlain)
    describeGuide(() => empty('connections', 'users'))
    // The same dialect as SQLite's, and slower to ask
    if (name !== 'D1') tellStories(name, storage)
  })
}

const github = { provider: 'github', account: 'https://github.test|1' }
const record = { value: 'sealed', connectedAt: 1_000 }

function describeRows(open: () => Promise<Database>): void {
  test('what is due comes by its date, and pages go on where many fall on one', async () => {
    const storage = inTurn((await open()).plain)
    for (const [account, dueAt] of Object.entries({ c: 30, a: 30, d: 40.5, b: 30, e: 10 })) {
      await storage.put({ provider: 'github', owner: 'user:1', account }, { ...record, dueAt })
    }
    const found: string[] = []
    let after: string | undefined
    do {
      const page = await storage.list({ dueBefore: 100 }, { limit: 2, ...(after && { after }) })
      found.push(...page.keys.map(({ account }) => account))
      after = page.after
    } while (after)
    expect([found[0], ...found.slice(1, 4).sort(), ...found.slice(4)].join('')).toBe('eabcd')
  })

  test('owners of half a character stay apart', async () => {
    const storage = inTurn((await open()).plain)
    const keys = ['user:\ud800', 'user:\udc00', 'user:\ufffd'].map((owner) => ({
      ...github,
      owner,
    }))
    for (const key of keys) await storage.put(key, record)
    for (const key of keys) {
      expect((await storage.list({ owner: key.owner })).keys).toEqual([key])
    }
  })

  test('what expired a while ago goes when something comes that will', async () => {
    const { plain, sql } = await open()
    const storage = inTurn(plain)
    const now = Math.floor(Date.now() / 1000)
    const put = (id: string, expiresAt: number) =>
      storage.put(
        { ...github, owner: `browser:${id}` },
        { ...record, expiresAt },
        { ifVersion: null },
      )
    await put('late', now - 5)
    await put('old', now - 120)
    await put('new', now + 5)
    const left = await sql('select owner_id from plain order by owner_id')
    expect(left).toEqual([{ owner_id: 'late' }, { owner_id: 'new' }])
  })
}

function describeRaces(open: () => Promise<TokenStorage>): void {
  test('an account that was not claimed, but is held, is in use as well A-06', async () => {
    const storage = await open()
    await storage.put({ ...github, owner: 'user:1' }, record)
    const put = storage.put({ ...github, owner: 'user:2' }, record, { exclusive: true })
    expect(await put).toBe('account_in_use')
  })

  test('no write fails where logins of two users and a disconnect race for an account A-06 [G8]', async () => {
    const storage = await open()
    const owners = ['user:1', 'user:2']
    const o = { ifVersion: null, exclusive: true }
    for (let round = 0; round < 10; round += 1) {
      await storage.put({ ...github, owner: 'user:1' }, record, { exclusive: true })
      const logins = owners.flatMap((owner) =>
        [1, 2, 3, 4].map(() => storage.put({ ...github, owner }, record, o)),
      )
      await Promise.all([storage.delete({ ...github, owner: 'user:1' }), ...logins])
      const { keys } = await storage.list(github)
      expect(keys.length).toBeLessThanOrEqual(1)
      for (const key of keys) await storage.delete(key)
    }
  })
}

function describeLocks(open: () => Promise<Database>): void {
  test('logins that wait for a row that is being deleted do not fail each other [G8]', async () => {
    const { plain, sql, hold } = await open()
    const key = { ...github, owner: 'user:1' }
    await inTurn(plain).put(key, record, { exclusive: true })
    const commit = await hold?.("delete from plain where owner_id = '1'")
    const logins = plain.map((storage) => storage.put(key, record, { ifVersion: null }))
    await new Promise((resolve) => setTimeout(resolve, 250))
    await commit?.()
    const outcomes = await Promise.all(logins)
    expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(plain.length - 1)
    expect(await sql('select owner_id from plain')).toEqual([{ owner_id: '1' }])
  })
}

function describeGuide(open: () => Promise<Database>): void {
  const rows = 'select owner_kind, owner_id, user_id from connections order by owner_kind'

  test('a row refers to its user; those of a browser, the app and a flow to none', async () => {
    const { guide, sql } = await open()
    await sql('insert into users (id) values (42)')
    const flow = { provider: 'flow', owner: 'random', account: '' }
    for (const owner of ['app:a', 'browser:b', 'user:42']) {
      await guide.put({ ...github, owner, account: owner }, record, { exclusive: true })
    }
    await guide.put(flow, record, { ifVersion: null })
    expect(await sql(rows)).toEqual([
      { owner_kind: '', owner_id: 'random', user_id: null },
      { owner_kind: 'app', owner_id: 'a', user_id: null },
      { owner_kind: 'browser', owner_id: 'b', user_id: null },
      { owner_kind: 'user', owner_id: '42', user_id: 42 },
    ])
  })

  test('connections go with their user', async () => {
    const { guide, sql } = await open()
    await sql('insert into users (id) values (42)')
    await guide.put({ ...github, owner: 'user:42' }, record)
    await sql('delete from users where id = 42')
    expect(await guide.get({ ...github, owner: 'user:42' })).toBeNull()
  })

  test.each(['user:43', 'user:042', 'user:x', 'user:'])(
    'nothing is stored for %s, who is no user',
    async (owner) => {
      const { guide, sql } = await open()
      await sql('insert into users (id) values (42)')
      for (const o of [{}, { ifVersion: null }, { ifVersion: null, exclusive: true }]) {
        await expect(guide.put({ ...github, owner }, record, o)).rejects.toThrow()
      }
      expect(await guide.list({})).toEqual({ keys: [] })
    },
  )

  test('a login, a refresh and a disconnect go through the lines of the README NX-08 A-08 [G8]', async () => {
    const { guide, sql } = await open()
    await sql('insert into users (id) values (42)')
    const fake = fakeProvider({ rotation: 'strict' })
    const dance = appOver(guide, fake)
    const browser = browserOf(dance, fake, '42')
    expect((await browser.connect()).status).toBe(200)
    await afterHours(3, async () => expect((await browser.look()).status).toBe(200))
    expect(fake.tokenRequests.length).toBe(2)
    const connection = await dance.connection({ provider: 'fake', owner: '42' })
    expect(await connection.disconnect()).toEqual({ remote: 'revoked' })
    expect((await browser.look()).status).toBe(302)
    expect(await sql('select provider from connections')).toEqual([{ provider: 'flow' }])
  })
}

async function afterHours(hours: number, run: () => Promise<void>): Promise<void> {
  const { now } = Date
  Date.now = () => now() + hours * 3_600_000
  try {
    await run()
  } finally {
    Date.now = now
  }
}
