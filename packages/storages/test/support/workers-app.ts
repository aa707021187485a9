import type { App } from '@fetch-dance/testing'
import { Miniflare, type Request as WorkerRequest, Response as WorkerResponse } from 'miniflare'
import { appAt } from '../../../testing/test/support/over-http.ts'
import { twoOf } from './two-workers.ts'

/** The app's origin. */
export const origin = 'https://app.test'

/** One app in two Workers that share what is stored. */
export interface WorkersApp {
  readonly one: App
  readonly two: App
  dispose(): Promise<void>
}

/**
 * Starts the app of `fixture/app.ts` in two Workers, for the user alice.
 *
 * @param storage The name that its storage has there.
 * @param ask Answers what the Workers ask of the world.
 * @param clock Tells how many seconds the app's clock is ahead.
 */
export async function workersApp(
  storage: string,
  ask: typeof fetch,
  clock: { readonly ahead: number },
): Promise<WorkersApp> {
  const workers = await twoOf(new URL('../fixture/app.ts', import.meta.url))
  const bindings = {
    STORAGE: storage,
    DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
    DANCE_ORIGIN: origin,
  }
  const common = {
    bindings,
    outboundService: (request: WorkerRequest) => lead(request, ask),
    unsafeDirectSockets: [{ port: 0 }],
  }
  const miniflare = new Miniflare({ workers: workers.map((one) => ({ ...one, ...common })) })
  const appOf = async (name: string): Promise<App> => {
    const { port } = await miniflare.unsafeGetDirectURL(name)
    const app = appAt(Number(port))
    return (request) => {
      request.headers.set('x-user', 'alice')
      request.headers.set('x-seconds-ahead', String(clock.ahead))
      return app(request)
    }
  }
  return {
    one: await appOf('one'),
    two: await appOf('two'),
    dispose: () => miniflare.dispose(),
  }
}

async function lead(request: WorkerRequest, ask: typeof fetch): Promise<WorkerResponse> {
  const { url, method } = request
  const body = await request.text()
  const answer = await ask(url, {
    method,
    headers: Object.fromEntries(request.headers),
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body }),
  })
  const headers = Object.fromEntries(answer.headers)
  return new WorkerResponse(await answer.text(), { status: answer.status, headers })
}
