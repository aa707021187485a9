import type { DanceErrorCode } from 'fetch-dance'

/** What goes wrong in a row's schedules, and what callers may hear of it. */
export interface Row {
  readonly name: string
  /** Share of the provider's token answers that are 503. */
  readonly serverErrors?: number
  /** Share of the provider's token answers that never arrive. */
  readonly lostAnswers?: number
  /** Eight seconds in which the storage throws or hangs, several times. */
  readonly outages?: boolean
  /** Share of writes that throw, applied or not. */
  readonly failingWrites?: number
  /** Milliseconds by which a clock is wrong at most. */
  readonly skew?: number
  /** Somebody disconnects while others refresh. */
  readonly disconnect?: boolean
  /** Somebody logs in again while others refresh, and gets a refresh token or none. */
  readonly login?: 'with' | 'without'
  /** Share of an isolate's calls at which it dies. */
  readonly crashes?: number
  /** What a caller may be refused with. */
  readonly refusals?: readonly DanceErrorCode[]
}

/** The rows of the table, in order. */
export const rows: readonly Row[] = [
  { name: 'calm' },
  { name: '5xx', serverErrors: 0.15, refusals: ['provider_unavailable'] },
  { name: 'outages', outages: true, refusals: ['storage_failed', 'provider_timeout'] },
  { name: 'failing-writes', failingWrites: 0.15 },
  { name: 'skew', skew: 2000 },
  { name: 'disconnect', disconnect: true },
  { name: 'login', login: 'with' },
  { name: 'login-without', login: 'without' },
  {
    name: 'storm',
    serverErrors: 0.15,
    outages: true,
    failingWrites: 0.15,
    skew: 2000,
    login: 'without',
    refusals: ['provider_unavailable', 'provider_timeout', 'storage_failed'],
  },
  {
    name: 'lost-answers',
    lostAnswers: 0.02,
    refusals: [
      'provider_unreachable',
      'provider_unavailable',
      'provider_timeout',
      'storage_failed',
      'login_required',
    ],
  },
  {
    name: 'crashes',
    crashes: 0.02,
    refusals: ['provider_timeout', 'storage_failed', 'login_required'],
  },
]

/** Whether a row's faults may cost a connection: then it has to say so. */
export function mayLose({ crashes, lostAnswers }: Row): boolean {
  return crashes !== undefined || lostAnswers !== undefined
}
