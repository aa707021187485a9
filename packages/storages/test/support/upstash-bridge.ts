import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Redis as IoRedis } from 'ioredis'

/** Upstash's REST API in front of a Redis. */
export interface UpstashBridge {
  readonly url: string
  readonly token: string
  /** How many answers are lost on their way from now on: the command ran, the connection breaks. */
  loseAnswers(count: number): void
  stop(): Promise<void>
}

type Reply = { result: unknown } | { error: string }

/**
 * Serves what Upstash's client asks for: one command as a JSON array, or several at `/pipeline`; texts come back in
 * base64 where the client asks for it, as it does.
 */
export async function startUpstashBridge(redis: IoRedis): Promise<UpstashBridge> {
  const token = crypto.randomUUID()
  let toLose = 0
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(redis, request, token)
    if (toLose > 0) {
      toLose -= 1
      request.socket.destroy()
      return
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port is free')
  return {
    url: `http://127.0.0.1:${address.port}`,
    token,
    loseAnswers(count) {
      toLose = count
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(
  redis: IoRedis,
  request: IncomingMessage,
  token: string,
): Promise<{ status: number; body: unknown }> {
  const sent: unknown = JSON.parse(await text(request))
  const { authorization, 'upstash-encoding': encoding } = request.headers
  if (authorization !== `Bearer ${token}`) return { status: 401, body: { error: 'Unauthorized' } }
  if (!Array.isArray(sent)) return { status: 400, body: { error: 'ERR no command' } }
  if (request.url !== '/pipeline') {
    const reply = await runCommand(redis, sent, encoding === 'base64')
    return { status: 'error' in reply ? 400 : 200, body: reply }
  }
  const replies = sent.map((command: unknown[]) =>
    runCommand(redis, command, encoding === 'base64'),
  )
  return { status: 200, body: await Promise.all(replies) }
}

async function runCommand(redis: IoRedis, sent: unknown[], base64: boolean): Promise<Reply> {
  const [command = '', ...values] = sent.map(String)
  try {
    const result = await redis.call(command, ...values)
    return { result: base64 ? encodeTexts(result) : result }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** As Upstash does it: every text but OK. */
function encodeTexts(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(encodeTexts)
  return typeof result === 'string' && result !== 'OK' ? btoa(result) : result
}
