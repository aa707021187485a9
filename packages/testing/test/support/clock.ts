/** Runs something at another time, in seconds since epoch. */
export async function atTime<T>(seconds: number, run: () => Promise<T>): Promise<T> {
  const now = Date.now
  Date.now = () => seconds * 1000
  try {
    return await run()
  } finally {
    Date.now = now
  }
}
