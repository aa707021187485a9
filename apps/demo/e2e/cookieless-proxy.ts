import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

export interface CookielessProxy {
  readonly url: string
  [Symbol.asyncDispose](): Promise<void>
}

/** A forward proxy behind which one site can set no cookie: what blocking them in the settings does. */
export async function startCookielessProxy(blockedHost: string): Promise<CookielessProxy> {
  const server = createServer((incoming, outgoing) => forward(incoming, outgoing, blockedHost))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, blockedHost: string): void {
  const { method, headers } = incoming
  const target = new URL(incoming.url ?? '')
  const onward = request(target, { method, headers }, (answer) => {
    const kept = { ...answer.headers }
    if (target.host === blockedHost) delete kept['set-cookie']
    outgoing.writeHead(answer.statusCode ?? 502, kept)
    answer.pipe(outgoing)
  })
  onward.once('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
