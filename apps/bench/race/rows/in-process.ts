import type { RequestStorage, TokenStorage } from 'fetch-dance'
import { createApp } from '../app.ts'
import type { Isolate, RaceEnv } from '../row.ts'

/** Isolates of this process: nothing is shared between them save what their storages share. */
export function isolatesOver(
  env: RaceEnv,
  storages: readonly (TokenStorage | RequestStorage)[],
): Isolate[] {
  return storages.map((storage) => createApp(env, storage))
}
