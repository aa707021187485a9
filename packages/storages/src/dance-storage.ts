import type { Kv } from 'fetch-dance'

/** What is used of an object's state: the storage of a class under `new_sqlite_classes`. */
export interface DanceStorageState {
  readonly storage: {
    readonly kv: EntryStore
    getAlarm(): Promise<number | null>
    setAlarm(time: number): Promise<void>
    deleteAll(): Promise<void>
  }
}

/** The synchronous storage of an object. */
interface EntryStore {
  get(name: string): unknown
  put(name: string, entry: unknown): void
  delete(name: string): boolean
  list(options: { startAfter?: string }): Iterable<[name: string, entry: unknown]>
}

/** What is kept under a name. Times are seconds since epoch. */
interface Entry {
  readonly value: string
  readonly version: string
  readonly expiresAt: number | undefined
}

/** What an object is asked. */
export type Question =
  | { method: 'get'; name: string }
  | { method: 'put'; name: string; value: string; ifVersion?: string | null; expiresAt?: number }
  | { method: 'delete'; name: string; ifVersion?: string }
  | { method: 'list'; after?: string; limit?: number }

/** A question with the time of who asks it: what is over is over by that clock, as with any other back end. */
export type Asked = Question & { readonly now: number }

type Answer = Awaited<ReturnType<Kv['get' | 'put' | 'delete' | 'list']>>

/** Seconds until an object looks for what is over, and how late it may be in deleting it. */
const day = 86_400

/**
 * The Durable Object that keeps one group of entries: export it from the Worker's main file, and bind it. Nothing but
 * the binding reaches it.
 *
 * @example
 * ```ts
 * export { DanceStorage } from '@fetch-dance/storages/durable-object'
 * ```
 */
export class DanceStorage {
  // The platform asks for a class, and its types for this name, which no object has.
  declare readonly __DURABLE_OBJECT_BRAND: never
  readonly #storage: DanceStorageState['storage']

  /** Called by the platform. */
  constructor({ storage }: DanceStorageState) {
    this.#storage = storage
  }

  /** Answers one question. */
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    // Nobody but `kv` asks.
    const asked = (await request.json()) as Asked
    // Nothing is awaited between a read and its write: no two questions interleave.
    const answer = answerTo(asked, this.#storage.kv)
    const leavesGarbage = asked.method === 'delete' || 'expiresAt' in asked
    if (leavesGarbage && (await this.#storage.getAlarm()) === null) await this.#wakeInADay()
    return Response.json(answer)
  }

  /** Deletes what is over. An object with nothing left gives up its storage too, and is no more. */
  async alarm(): Promise<void> {
    const { kv } = this.#storage
    const yesterday = Date.now() / 1000 - day
    const over: string[] = []
    let left = 0
    let ending = 0
    for (const [name, { expiresAt }] of entriesIn(kv)) {
      if (expiresAt !== undefined && expiresAt < yesterday) over.push(name)
      else left += 1
      if (expiresAt !== undefined) ending += 1
    }
    for (const name of over) kv.delete(name)
    if (left === 0) await this.#storage.deleteAll()
    else if (ending > over.length) await this.#wakeInADay()
  }

  #wakeInADay(): Promise<void> {
    return this.#storage.setAlarm(Date.now() + day * 1000)
  }
}

function answerTo(asked: Asked, store: EntryStore): Answer {
  if (asked.method === 'list') return listNames(store, asked)
  const entry = readEntry(store, asked)
  if (asked.method === 'get') return entry && { value: entry.value, version: entry.version }
  const { method, name, ifVersion } = asked
  const isAsExpected = ifVersion === undefined || ifVersion === (entry?.version ?? null)
  if (method === 'delete') return entry !== null && isAsExpected && store.delete(name)
  if (!isAsExpected) return 'conflict'
  const version = crypto.randomUUID()
  const { value, expiresAt } = asked
  store.put(name, { value, version, expiresAt } satisfies Entry)
  return { version }
}

function readEntry(store: EntryStore, { name, now }: { name: string; now: number }): Entry | null {
  // Only this file writes entries.
  const entry = store.get(name) as Entry | undefined
  return entry && isLive(entry, now) ? entry : null
}

function listNames(
  store: EntryStore,
  { after, limit = 100, now }: { after?: string; limit?: number; now: number },
): { names: string[]; after?: string } {
  const names: string[] = []
  for (const [name, entry] of entriesIn(store, after)) {
    if (!isLive(entry, now)) continue
    const last = names.at(-1)
    if (last !== undefined && names.length >= limit) return { names, after: last }
    names.push(name)
  }
  return { names }
}

function entriesIn(store: EntryStore, startAfter?: string): Iterable<[string, Entry]> {
  // Only this file writes entries.
  return store.list(startAfter === undefined ? {} : { startAfter }) as Iterable<[string, Entry]>
}

function isLive({ expiresAt }: Entry, now: number): boolean {
  return expiresAt === undefined || now < expiresAt
}
