import { fileURLToPath } from 'node:url'
import type { Kv, TokenStorage } from 'fetch-dance'
import { Miniflare, type WorkerOptions } from 'miniflare'
import { bundle, workerSettings } from './bundle.ts'

/** The back ends that miniflare has. */
export type BackEnd = 'Workers KV' | 'Durable Objects' | 'D1'

/** A call of a storage, or of its bare Kv, inside a Worker. */
export interface RemoteCall {
  readonly backEnd: BackEnd
  readonly bare: boolean
  /** A number for each test. */
  readonly room: number
  readonly method: string
  readonly args: readonly unknown[]
  /** Milliseconds since epoch: the test's time. */
  readonly now: number
}

/** Two Workers that share what is stored. */
export interface TwoWorkers {
  /** An empty Kv, as each of the two has it. */
  openKv(backEnd: BackEnd): Promise<Kv[]>
  /** An empty storage, as each of the two has it. */
  openStorage(backEnd: BackEnd): Promise<TokenStorage[]>
  dispose(): Promise<void>
}

type Call = <Answer>(method: string, ...args: unknown[]) => Promise<Answer>

/** Starts two Workers with the stores of miniflare between them. */
export async function twoWorkers(): Promise<TwoWorkers> {
  const entry = new URL('../fixture/storage-server.ts', import.meta.url)
  const miniflare = new Miniflare({ workers: await twoOf(entry) })
  const workers = await Promise.all([miniflare.getWorker('one'), miniflare.getWorker('two')])
  let rooms = 0

  async function open(backEnd: BackEnd, bare: boolean): Promise<Call[]> {
    await empty(miniflare)
    const room = rooms++
    return workers.map((worker) => async <Answer>(method: string, ...args: unknown[]) => {
      const given = args.filter((one) => one !== undefined)
      const call: RemoteCall = { backEnd, bare, room, method, args: given, now: Date.now() }
      const init = { method: 'POST', body: JSON.stringify(call) }
      const answer = await worker.fetch('https://worker.test/', init)
      if (!answer.ok) throw new Error(await answer.text())
      // The Worker called the method of that name.
      return (await answer.json()) as Answer
    })
  }

  return {
    async openKv(backEnd) {
      return (await open(backEnd, true)).map((call) => ({
        atomic: backEnd !== 'Workers KV',
        get: (key) => call('get', key),
        put: (key, value, o) => call('put', key, value, o),
        delete: (key, o) => call('delete', key, o),
        list: (group, page) => call('list', group, page),
      }))
    },
    async openStorage(backEnd) {
      return (await open(backEnd, false)).map((call) => ({
        consistency: backEnd === 'Workers KV' ? 'eventual' : 'strong',
        get: (key, o) => call('get', key, o),
        put: (key, record, o) => call('put', key, record, o),
        delete: (key, o) => call('delete', key, o),
        list: (query, page) => call('list', query, page),
      }))
    },
    dispose: () => miniflare.dispose(),
  }
}

/** One Worker twice, for miniflare, with all that is stored in common. */
export async function twoOf(entry: URL): Promise<WorkerOptions[]> {
  const script = await bundle({ entryPoints: [fileURLToPath(entry)] })
  const common = {
    ...workerSettings,
    script,
    kvNamespaces: { KV: 'kv' },
    d1Databases: { DB: 'db' },
  }
  const objects = { className: 'DanceStorage', useSQLite: true }
  return [
    { ...common, name: 'one', durableObjects: { OBJECTS: objects } },
    { ...common, name: 'two', durableObjects: { OBJECTS: { ...objects, scriptName: 'one' } } },
  ]
}

// The objects of each test have names of their own: they cannot be emptied from here.
async function empty(miniflare: Miniflare): Promise<void> {
  const namespace = await miniflare.getKVNamespace('KV', 'one')
  const { keys } = await namespace.list()
  for (const { name } of keys) await namespace.delete(name)
  const database = await miniflare.getD1Database('DB', 'one')
  await database.prepare('DROP TABLE IF EXISTS dance_entries').run()
}
