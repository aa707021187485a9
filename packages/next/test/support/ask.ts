import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** What came back to a request that was written as it stands. */
export interface RawAnswer {
  readonly status: number
  /** By lower-case name; the last of those that come several times. */
  readonly headers: ReadonlyMap<string, string>
}

/** Sends a request line as it stands: no URL parser has been at it. */
export async function ask(
  port: number,
  line: string,
  host: string,
  header = 'Accept: text/html',
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\n${header}\r\nConnection: close\r\n\r\n`)
  const [head = ''] = (await text(socket)).split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const pairs = lines.map((one) => one.split(/: */, 2))
  const headers = new Map(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]))
  return { status: Number(first.split(' ')[1]), headers }
}
