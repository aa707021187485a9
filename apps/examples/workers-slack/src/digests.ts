import { durableObject } from '@fetch-dance/storages/durable-object'
import type { Dance } from 'fetch-dance'
import type { Providers, SlackConnection } from './ask-slack.ts'
import type { Env } from './env.ts'
import { type Digest, writeDigest } from './write-digest.ts'

/** Writes a digest for everyone who has connected. One that fails is told of, and keeps nobody else from theirs. */
export async function writeAllDigests(dance: Dance<Providers>, env: Env): Promise<void> {
  const storage = durableObject(env.DANCE)
  let page: { after?: string } = {}
  do {
    const { keys, ...next } = await storage.list({}, page)
    for (const { provider, owner: key } of keys) {
      const [, owner] = /^user:(.+)$/.exec(key) ?? []
      if (provider !== 'slack' || owner === undefined) continue // the storage keeps finished logins, too
      try {
        const connection = await dance.connection({ provider, owner })
        if (connection.authorized) await keepDigest(env, connection)
      } catch (error) {
        console.error(`No digest for ${owner}:`, error instanceof Error ? error.message : error)
      }
    }
    page = next
  } while (page.after !== undefined)
}

/** Writes the digest of one person, over the one before. */
export async function keepDigest(env: Env, connection: SlackConnection): Promise<void> {
  if (connection.owner === null) return
  await env.DIGESTS.put(connection.owner, JSON.stringify(await writeDigest(connection)))
}

/** The last digest of a person; null before the first. */
export function readDigest(env: Env, owner: string): Promise<Digest | null> {
  return env.DIGESTS.get<Digest>(owner, 'json')
}

/** Deletes the digest of a person who has gone. */
export function forgetDigest(env: Env, owner: string): Promise<void> {
  return env.DIGESTS.delete(owner)
}
