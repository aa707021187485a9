import type { Row } from '../row.ts'
import { authCore } from './auth-core.ts'
import { betterAuth } from './better-auth.ts'
import { cookie } from './cookie.ts'
import { memory } from './memory.ts'

/** The table from top to bottom. */
export const rows: readonly Row[] = [memory, cookie, authCore, betterAuth]
