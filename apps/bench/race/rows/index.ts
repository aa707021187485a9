import type { Row } from '../row.ts'
import { authCore } from './auth-core.ts'
import { betterAuth } from './better-auth.ts'
import { cookie } from './cookie.ts'
import { memory } from './memory.ts'
import { coordinatedCookie, coordinatedKv, d1, durableObject, kv } from './workers.ts'

/** The table from top to bottom. */
export const rows: readonly Row[] = [
  memory,
  durableObject,
  d1,
  coordinatedKv,
  coordinatedCookie,
  kv,
  cookie,
  authCore,
  betterAuth,
]
