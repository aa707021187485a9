import { invalidOption } from './errors.ts'
import type { Kv } from './storage.ts'

/** Refuses a coordinator in which two can both be first. Throws `option_invalid`. */
export function checkCoordinator({ atomic }: Kv): void {
  if (!atomic) throw invalidOption('coordinator', 'it must be atomic')
}
