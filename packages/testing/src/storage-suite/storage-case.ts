import type { ConnectionKey, TokenStorage } from 'fetch-dance'
import { check } from '../assert.ts'
import type { ContractCase } from '../contract.ts'

/** One test of the contract, given an empty storage. */
export type StorageCase = ContractCase<TokenStorage>

/** A whole key. */
export type Key = Required<ConnectionKey>

/** A key to try things with. */
export const aKey: Key = { provider: 'github', owner: 'user:1', account: 'https://fake.test|1' }

/** A record to try things with. */
export function aRecord(
  value: string,
  more: Partial<Parameters<TokenStorage['put']>[1]> = {},
): Parameters<TokenStorage['put']>[1] {
  return { value, connectedAt: 1_000, ...more }
}

/** Writes and returns the version; fails on any refusal. */
export async function mustPut(
  storage: TokenStorage,
  key: Key,
  record: Parameters<TokenStorage['put']>[1],
  o?: Parameters<TokenStorage['put']>[2],
): Promise<string> {
  const result = await storage.put(key, record, o)
  check(typeof result === 'object', `put was refused: ${String(result)}`)
  return result.version
}

/** Every key a query lists, sorted; a page that repeats itself fails. */
export async function listAll(
  storage: TokenStorage,
  query: Parameters<TokenStorage['list']>[0],
  limit: number,
): Promise<string[]> {
  return (await listInOrder(storage, query, limit)).sort()
}

/** Every key a query lists, page after page. */
export async function listInOrder(
  storage: TokenStorage,
  query: Parameters<TokenStorage['list']>[0],
  limit: number,
): Promise<string[]> {
  const found: string[] = []
  let after: string | undefined
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await storage.list(query, after === undefined ? { limit } : { after, limit })
    check(page.keys.length <= limit, `a page of ${limit} held ${page.keys.length} keys`)
    found.push(...page.keys.map(nameOf))
    if (page.after === undefined) return found
    check(page.after !== after, 'a page leads to itself')
    after = page.after
  }
  throw new Error('the pages do not end')
}

/** A key as text, to compare. */
export function nameOf({ provider, owner, account }: Key): string {
  return JSON.stringify([provider, owner, account])
}
