import type { DanceContext } from './context.ts'
import { writeRecord } from './records.ts'
import { type WalkOptions, walkStorage } from './walk-storage.ts'

/** Seals anew, under the newest secret, what an older one sealed; nothing else about it changes. */
export async function reseal(
  context: DanceContext,
  o: WalkOptions,
): Promise<{ resealed: number; after?: string }> {
  const walked = await walkStorage(context, {}, o, async ({ context, storage, found }) => {
    const { key, record, value, version: ifVersion } = found
    if (!(await context.seals.isOld(value))) return false
    // in a conflict somebody else wrote it, under the newest secret
    return typeof (await writeRecord(context, storage, key, record, { ifVersion })) !== 'string'
  })
  const { done: resealed, failed: _reported, ...rest } = walked
  return { resealed, ...rest }
}
