import { once } from 'node:events'
import { request } from 'node:http'
import { origin } from './running.ts'

/** A request to `/echo` whose body goes on while it is answered. */
export interface Echo {
  /** Sends a piece of the body, and waits for the next piece of the answer. */
  exchange(piece: string): Promise<string>
  end(): Promise<void>
}

/** Begins a request to `/echo` of the app that listens at a port. */
export function openEcho(port: number): Echo {
  const outgoing = request({
    port,
    host: '127.0.0.1',
    path: '/echo',
    method: 'POST',
    agent: false,
    headers: { host: new URL(origin).host, origin, 'content-type': 'application/octet-stream' },
  })
  const answered = once(outgoing, 'response').then(([incoming]) => incoming.setEncoding('utf8'))
  const pieces = answered.then((incoming) => incoming[Symbol.asyncIterator]())
  return {
    async exchange(piece) {
      outgoing.write(piece)
      return (await (await pieces).next()).value
    },
    async end() {
      outgoing.end()
      await (await pieces).next()
    },
  }
}
