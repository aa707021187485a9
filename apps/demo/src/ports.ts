import { connect, createServer } from 'node:net'

const hosts = ['127.0.0.1', '::1']

/** The first port from `wanted` upwards that nobody on this machine listens on. */
export async function freePort(wanted: number, say: (message: string) => void): Promise<number> {
  for (let port = wanted; port < wanted + 100 && port < 65_536; port++) {
    if (await isFree(port)) return port
    say(`Port ${port} is taken, trying ${port + 1}`)
  }
  throw new Error(`Cannot start: no free port from ${wanted} upwards`)
}

/** A browser asks `localhost` on both addresses, so a stranger on either of them is in the way. */
async function isFree(port: number): Promise<boolean> {
  if (!(await canListen(port))) return false
  const answered = await Promise.all(hosts.map((host) => answers(host, port)))
  return !answered.includes(true)
}

function canListen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}

function answers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port })
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
