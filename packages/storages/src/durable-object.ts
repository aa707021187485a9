import type { Kv, TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import type { Asked, Question } from './dance-storage.ts'

export { DanceStorage, type DanceStorageState } from './dance-storage.ts'

/** What is used of a namespace of Durable Objects. */
export interface DurableObjects<Id = unknown> {
  /** The id of the object with a name. */
  idFromName(name: string): Id
  /** An object, to be asked. */
  get(id: Id): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>
  }
}

/**
 * Keeps connections in Durable Objects: strong, and each object has little to do. An object is made for each group of
 * entries, where it is first asked for.
 *
 * @param namespace The binding of {@link DanceStorage}.
 * @returns The storage to give to `createDance`.
 * @example
 * ```ts
 * import { env } from 'cloudflare:workers'
 * import { durableObject } from '@fetch-dance/storages/durable-object'
 *
 * export { DanceStorage } from '@fetch-dance/storages/durable-object'
 * export const storage = durableObject(env.DANCE)
 * ```
 */
export function durableObject<Id>(namespace: DurableObjects<Id>): TokenStorage {
  return kvStorage(kv(namespace))
}

/**
 * What {@link durableObject} is made of: the coordinator for a storage that is not strong.
 *
 * @param namespace The binding of {@link DanceStorage}.
 * @returns An atomic Kv.
 * @example
 * ```ts
 * import { env } from 'cloudflare:workers'
 * import { cloudflareKv } from '@fetch-dance/storages/cloudflare-kv'
 * import { kv } from '@fetch-dance/storages/durable-object'
 *
 * export { DanceStorage } from '@fetch-dance/storages/durable-object'
 * export const storage = cloudflareKv(env.TOKENS, { coordinator: kv(env.DANCE) })
 * ```
 */
export function kv<Id>(namespace: DurableObjects<Id>): Kv {
  async function ask<Answer>(group: string, question: Question): Promise<Answer> {
    const object = namespace.get(namespace.idFromName(group))
    const body = JSON.stringify({ ...question, now: Date.now() / 1000 } satisfies Asked)
    const answer = await object.fetch('https://dance.invalid/', { method: 'POST', body })
    if (!answer.ok) throw new Error(`Cannot ask the Durable Object: it answered ${answer.status}`)
    // It is what DanceStorage has for this method.
    return (await answer.json()) as Answer
  }

  return {
    atomic: true,
    get: ({ group, name }) => ask(group, { method: 'get', name }),
    put: ({ group, name }, value, o) => ask(group, { method: 'put', name, value, ...o }),
    delete: ({ group, name }, o) => ask(group, { method: 'delete', name, ...o }),
    list: (group, page) => ask(group, { method: 'list', ...page }),
  }
}
