import { connect, type Socket } from 'node:net'
import type { WireAnswer, WireRequest } from './wire.ts'

/**
 * Sends a request to a port of loopback octet by octet as it is written, which no HTTP client does.
 *
 * @returns The answer, also one that comes before the server has read the whole request.
 */
export async function exchange(port: number, request: WireRequest): Promise<WireAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(port, request)
    } catch (error) {
      if (attempt === mostAttempts || !wasReset(error)) throw error
    }
  }
}

const mostAttempts = 5

/** A server that answers before it has read everything, and closes, may end the connection before the answer is here. */
function wasReset(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ECONNRESET' || code === 'EPIPE'
}

async function send(port: number, request: WireRequest): Promise<WireAnswer> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.setTimeout(60_000, () => socket.destroy(new Error('No answer within a minute')))
  const answer = readAnswerFrom(socket, request.method)
  answer.catch(() => {}) // it may fail while the request is still being written; it is awaited below
  const write = (octets: Buffer) => socket.writable && socket.write(octets)
  write(Buffer.from(headOf(request), 'latin1'))
  for (const piece of request.pieces) {
    // a task each, so that they arrive as several
    await new Promise((resolve) => setImmediate(resolve))
    write(Buffer.from(request.streams ? chunkOf(piece) : piece))
  }
  if (request.streams) write(Buffer.from('0\r\n\r\n'))
  try {
    return await answer
  } finally {
    socket.destroy()
  }
}

function headOf({ method, target, headers, pieces, streams }: WireRequest): string {
  const length = Buffer.byteLength(pieces.join(''))
  const framing = streams ? 'transfer-encoding: chunked' : `content-length: ${length}`
  const hasBody = pieces.length > 0
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(hasBody ? [framing] : []),
    'connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

function chunkOf(piece: string): string {
  return `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`
}

function readAnswerFrom(socket: Socket, method: string): Promise<WireAnswer> {
  let received = Buffer.alloc(0)
  let failure: unknown
  return new Promise((resolve, reject) => {
    socket.on('data', (part) => {
      received = Buffer.concat([received, part])
      const answer = parseAnswer(received, method, false)
      if (answer) resolve(answer)
    })
    socket.on('error', (error) => {
      failure = error // of no interest where the answer is whole
    })
    socket.on('close', () => {
      const answer = parseAnswer(received, method, true)
      if (answer) resolve(answer)
      else reject(new Error(`No whole answer: "${received}"`, { cause: failure }))
    })
  })
}

/** The answer, once it is whole. */
function parseAnswer(received: Buffer, method: string, isEnded: boolean): WireAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [statusLine = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const rest = received.subarray(end + 4)
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304
  const body = hasBody ? bodyOf(headers, rest, isEnded) : ''
  return body === undefined ? undefined : { status, headers, body }
}

function bodyOf(headers: Headers, rest: Buffer, isEnded: boolean): string | undefined {
  if (headers.get('transfer-encoding') === 'chunked') return dechunk(rest)
  const length = headers.get('content-length')
  if (length === null) return isEnded ? rest.toString() : undefined
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)).toString() : undefined
}

function dechunk(rest: Buffer): string | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const end = rest.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = Number.parseInt(rest.subarray(at, end).toString(), 16)
    if (size === 0) return Buffer.concat(parts).toString()
    at = end + 2 + size + 2
    if (at > rest.length) return undefined
    parts.push(rest.subarray(end + 2, end + 2 + size))
  }
}
