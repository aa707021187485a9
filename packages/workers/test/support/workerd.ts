import type { FakeProvider } from '@fetch-dance/testing'
import { type BuildOptions, build } from 'esbuild'
import { type Request as WorkerRequest, Response as WorkerResponse } from 'miniflare'

/** A secret of the dance. */
export const secret = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'

/** Bundles a Worker, a file or code, with all it imports. */
export async function bundle(
  source: Pick<BuildOptions, 'entryPoints'> | Pick<BuildOptions, 'stdin'>,
): Promise<string> {
  const { outputFiles } = await build({
    ...source,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
  })
  return outputFiles?.[0]?.text ?? ''
}

/**
 * Where a Worker's fetch leads: to the fake provider.
 *
 * @param addressOf Where the fake has what the Worker asks for.
 */
export function outboundTo(
  fake: FakeProvider,
  addressOf: (url: string) => string = (url) => url,
): (request: WorkerRequest) => Promise<WorkerResponse> {
  return async (request) => {
    const { url, method } = request
    const body = await request.text()
    const answer = await fake.fetch(addressOf(url), {
      method,
      headers: Object.fromEntries(request.headers),
      redirect: 'manual',
      ...(method === 'GET' ? {} : { body }),
    })
    const { status } = answer
    const headers = Object.fromEntries(answer.headers)
    return new WorkerResponse(await answer.text(), { status, headers })
  }
}

/** The paths of the API that were asked for, without the fake's address. */
export function callsOf(fake: FakeProvider): string[] {
  return fake.requests.api.map(({ url }) => url.slice(fake.issuer.length))
}
