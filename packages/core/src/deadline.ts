/**
 * Does some work and waits for it, but no longer than that; what it throws at once is a rejection too.
 *
 * @param milliseconds How long to wait.
 * @param late Makes the error to throw then; left out where nobody looks at it.
 * @param signal Ends the waiting too, by what it is aborted with.
 * Every caller gets a timer of its own: in workerd a promise that another request began may never settle.
 */
export async function within<T>(
  work: () => T | Promise<T>,
  milliseconds: number,
  late: () => Error = Error,
  signal?: AbortSignal | null,
): Promise<T> {
  const promise = (async () => work())()
  promise.catch(() => {}) // after the deadline nobody waits for it any more
  signal?.throwIfAborted()
  const over = Promise.withResolvers<never>()
  const abort = () => over.reject(signal?.reason)
  const timer = setTimeout(() => over.reject(late()), milliseconds)
  signal?.addEventListener('abort', abort)
  try {
    return await Promise.race([promise, over.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** Waits, without holding anything else up. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** A random share, from 0 to 1: so that those who wait do not all come back at once. */
export function jitter(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32
}
