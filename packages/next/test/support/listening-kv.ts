import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { memoryKv } from '@fetch-dance/testing'

/** A strong store in memory for apps in other processes: `POST /METHOD` with the arguments. */
export async function listeningKv(): Promise<{ url: string; close(): void }> {
  const kv = memoryKv()
  const server = createServer(async (incoming, outgoing) => {
    const method = incoming.url?.slice(1) ?? ''
    const args = await json(incoming)
    const answer = await Reflect.apply(Reflect.get(kv, method), kv, Array.isArray(args) ? args : [])
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${port}`, close }
}
