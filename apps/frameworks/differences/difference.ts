/** Where a server or a framework answers a request before the dance could. */
export interface Difference {
  /** What it answers, as it would be recorded. */
  readonly answer: readonly string[]
  readonly because: string
}

/** Differences by theme and request. */
export type Differences = Readonly<Record<string, Readonly<Record<string, Difference>>>>
