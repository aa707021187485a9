import type { Row } from '../row.ts'
import { authCore } from './auth-core.ts'
import { betterAuth } from './better-auth.ts'
import { cookie } from './cookie.ts'
import { denoKv } from './deno-kv.ts'
import { memory } from './memory.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'
import { sqlite } from './sqlite.ts'
import { coordinatedUnstorage, unstorage } from './unstorage.ts'
import { coordinatedCookie, coordinatedKv, d1, durableObject, kv } from './workers.ts'

/** The table from top to bottom. */
export const rows: readonly Row[] = [
  memory,
  durableObject,
  d1,
  denoKv,
  redis,
  postgres,
  sqlite,
  coordinatedKv,
  coordinatedUnstorage,
  coordinatedCookie,
  kv,
  unstorage,
  cookie,
  authCore,
  betterAuth,
]
