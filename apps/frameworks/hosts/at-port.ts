import { appAt } from '../../../packages/testing/test/support/over-http.ts'
import { exchange } from '../support/exchange.ts'
import type { Running } from './host.ts'

/** A server that listens at a port of loopback. */
export function atPort(port: number, stop: () => Promise<unknown>): Running {
  return {
    app: appAt(port),
    send: (request) => exchange(port, request),
    stop: async () => void (await stop()),
  }
}
