import { type KvIndex, placeListed } from './kv-layout.ts'
import type { ConnectionKey, Kv, KvKey, StoredValue } from './storage.ts'
import { now } from './token.ts'

/** What stands under the name of a record. */
export interface KvRecord extends StoredValue {
  /** Absent from what somebody else wrote there. */
  key?: Required<ConnectionKey>
  /** The index entries it relies on, with the versions at which it wrote them. */
  index: KvListing
  /** Whether it was written as the only one of its account. */
  exclusive?: boolean
}

interface KvListing {
  [group: string]: KvIndex[string] & { version: string }
}

/** Seconds after which an index entry without its record cannot belong to a write under way. */
const garbageAge = 3600

/** Reads what stands under a name, expired or not. */
export async function readKv(
  kv: Kv,
  place: KvKey,
): Promise<(KvRecord & { version: string }) | null> {
  const found = await kv.get(place)
  return found && { ...decode(found.value), version: found.version }
}

/** A record that has not expired, else null. */
export function live<T extends KvRecord>(record: T | null): T | null {
  return Date.now() < (record?.expiresAt ?? Infinity) * 1000 ? record : null
}

/** Writes a record over the version that was read; where nothing is atomic, over whatever is there. */
export async function writeKv(
  kv: Kv,
  place: KvKey,
  record: KvRecord,
  ifVersion: string | null | undefined,
): Promise<{ version: string } | 'conflict'> {
  // printable ASCII, as all that a Kv gets
  const text = JSON.stringify(record).replace(/[^ -~]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return kv.put(place, text, { ...(ifVersion !== undefined && { ifVersion }), ...lifeOf(record) })
}

/** Writes the index entries that a record needs and the one before it does not have. */
export async function writeIndex(
  kv: Kv,
  wanted: KvIndex,
  present: KvListing = {},
): Promise<KvListing> {
  const writing = Object.entries(wanted).map(async ([group, entry]) => {
    const before = present[group]
    if (before?.name === entry.name && before.expiresAt === entry.expiresAt) {
      return [group, before] as const
    }
    const put = await kv.put({ group, name: entry.name }, `${now()}`, lifeOf(entry))
    return [group, { ...entry, version: put === 'conflict' ? '' : put.version }] as const
  })
  return Object.fromEntries(await Promise.all(writing))
}

/** Removes the index entries that are needed no more. One that was written again since has another version. */
export async function removeIndex(kv: Kv, former: KvListing, needed: KvIndex = {}): Promise<void> {
  const removing = Object.entries(former).map(async ([group, { name, version }]) => {
    if (needed[group]?.name !== name) await kv.delete({ group, name }, { ifVersion: version })
  })
  await Promise.allSettled(removing) // what stays behind is dropped when a list meets it
}

/** The live records behind the names of a group. An entry whose record is not there, or elsewhere, is dropped. */
export async function readListed(
  kv: Kv,
  group: string,
  names: readonly string[],
): Promise<(KvRecord & { version: string })[]> {
  const reading = names.map(async (name) => {
    const place = placeListed(group, name)
    const record = live(await readKv(kv, place))
    if (record && (place.group === group || record.index[group]?.name === name)) return [record]
    if (place.group !== group) await dropEntry(kv, { group, name }).catch(() => {}) // next time
    return []
  })
  return (await Promise.all(reading)).flat()
}

async function dropEntry(kv: Kv, place: KvKey): Promise<void> {
  const found = await kv.get(place)
  if (found && Number(found.value) < now() - garbageAge) {
    await kv.delete(place, { ifVersion: found.version })
  }
}

function lifeOf({ expiresAt }: { expiresAt?: number }): { expiresAt?: number } {
  return expiresAt === undefined ? {} : { expiresAt }
}

function decode(text: string): KvRecord {
  try {
    const record: KvRecord = JSON.parse(text)
    if (record.key && record.index) return record
  } catch {
    // handed on as it is: its seal will not open, and a login may replace it
  }
  return { value: text, connectedAt: 0, index: {} }
}
