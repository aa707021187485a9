import { Miniflare } from 'miniflare'

/** Starts workerd with a Worker, and says after how many milliseconds the Worker has answered its first request. */
export async function firstAnswer(script: string): Promise<number> {
  const start = performance.now()
  const worker = new Miniflare({
    modules: true,
    script,
    compatibilityDate: '2026-07-01',
    kvNamespaces: ['TOKENS'],
    bindings: {
      DANCE_SECRET: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k',
      DANCE_ORIGIN: 'https://app.test',
      GITHUB_OAUTH_CLIENT_ID: 'an-id',
      GITHUB_OAUTH_CLIENT_SECRET: 'a-secret',
    },
  })
  try {
    // Asks the storage for a connection, finds none and names the login.
    const answer = await worker.dispatchFetch('https://app.test/', {
      headers: { 'x-user': 'somebody' },
    })
    const time = performance.now() - start
    if (answer.status !== 401) throw new Error(`Cannot measure: the answer is ${answer.status}`)
    return time
  } finally {
    await worker.dispose()
  }
}
