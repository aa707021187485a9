import { createServer, type IncomingMessage, type Server, request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  type App,
  type FakeProvider,
  type FakeProviderOptions,
  fakeProvider,
} from '@fetch-dance/testing'

/** A server on a free port of loopback, until it is closed. */
export interface Listening<T> {
  readonly served: T
  /** Where it listens. */
  readonly url: string
  close(): Promise<void>
}

/**
 * A fake provider for an app in another process: the same object as anywhere, and it listens at its issuer, or in place
 * of one that is given.
 */
export async function listeningFake(
  options: FakeProviderOptions = {},
): Promise<Listening<FakeProvider>> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const here = `http://127.0.0.1:${port}`
  const fake = fakeProvider({ issuer: here, ...options })
  server.on('request', async (incoming, outgoing) => {
    const method = incoming.method ?? 'GET'
    const body = method === 'GET' ? undefined : await text(incoming)
    const url = fake.issuer + incoming.url
    const init = { method, headers: headersOf(incoming), redirect: 'manual' } as const
    const answer = await fake.fetch(url, body === undefined ? init : { ...init, body })
    outgoing.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text())
  })
  return { served: fake, url: here, close: () => closed(server) }
}

/** The app that listens at a port, as a function. It is asked for the host and the path of the request's URL. */
export function appAt(port: number): App {
  return async (request) => {
    const { host, pathname, search } = new URL(request.url)
    const body = await request.text()
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { ...Object.fromEntries(request.headers), host }
      const address = { port, host: '127.0.0.1', path: pathname + search }
      // a connection for each: servers differ in when they end one that was kept
      send({ ...address, method: request.method, headers, agent: false }, resolve)
        .on('error', reject)
        .end(body)
    })
    const status = incoming.statusCode ?? 0
    const answered = await text(incoming)
    return new Response(status === 204 || status === 304 ? null : answered, {
      status,
      headers: headersOf(incoming),
    })
  }
}

// Each header on its own: Set-Cookie comes several times.
function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  return headers
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
