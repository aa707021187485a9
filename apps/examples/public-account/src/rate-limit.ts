/** Counts what may not happen too often. */
export interface RateLimit {
  isReached(): boolean
  count(): void
}

export interface RateLimitOptions {
  /** How many in any span of so many seconds. */
  readonly times: number
  readonly seconds: number
}

export function createRateLimit({ times, seconds }: RateLimitOptions): RateLimit {
  let recent: number[] = []
  return {
    isReached() {
      const since = Date.now() - seconds * 1000
      recent = recent.filter((at) => at > since)
      return recent.length >= times
    },
    count: () => void recent.push(Date.now()),
  }
}
