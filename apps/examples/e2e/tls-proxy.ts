import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { generate } from 'selfsigned'

/** What stands in front of an app in production: it speaks TLS, and tells the app so in headers. */
export interface TLSProxy {
  /** `https://localhost:PORT`. */
  readonly origin: string
  /** Names the app behind: requests before that are answered with 502. */
  forwardTo(app: string): void
  close(): void
}

/** Starts a proxy that terminates TLS on loopback, with a certificate that no browser trusts by itself. */
export async function startTLSProxy(): Promise<TLSProxy> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
  let app = ''
  const server = createServer({ key, cert }, (incoming, outgoing) =>
    forward(app, incoming, outgoing),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return {
    origin: `https://localhost:${address.port}`,
    forwardTo(url) {
      app = url
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The app sees its own address as the host, as most proxies have it. */
function forward(app: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (app === '') return void outgoing.writeHead(502).end()
  const { hostname, port } = new URL(app)
  const { method = 'GET', url: path = '/', headers } = incoming
  const told = { 'x-forwarded-proto': 'https', 'x-forwarded-host': headers.host ?? '' }
  const onward = request(
    { hostname, port, method, path, headers: { ...headers, ...told, host: `${hostname}:${port}` } },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    },
  )
  onward.once('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
