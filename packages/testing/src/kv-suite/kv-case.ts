import type { Kv, KvKey } from 'fetch-dance'
import { check } from '../assert.ts'
import type { ContractCase } from '../contract.ts'

/** One test of the contract, given an empty store. */
export type KvCase = ContractCase<Kv>

/** A key to try things with. */
export const aKey: KvKey = { group: 'owner', name: 'github' }

/** Writes and returns the version; fails on a conflict. */
export async function mustPut(
  kv: Kv,
  key: KvKey,
  value: string,
  o?: Parameters<Kv['put']>[2],
): Promise<string> {
  const result = await kv.put(key, value, o)
  check(result !== 'conflict', 'put was refused: conflict')
  return result.version
}

/** Every name of a group in the order listed, page after page; a page that repeats itself fails. */
export async function listAll(kv: Kv, group: string, limit: number): Promise<string[]> {
  const found: string[] = []
  let after: string | undefined
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await kv.list(group, after === undefined ? { limit } : { after, limit })
    check(page.names.length <= limit, `a page of ${limit} held ${page.names.length} names`)
    found.push(...page.names)
    if (page.after === undefined) return found
    check(page.after !== after, 'a page leads to itself')
    after = page.after
  }
  throw new Error('the pages do not end')
}
