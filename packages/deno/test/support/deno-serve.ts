import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import type { App, FakeProvider } from '@fetch-dance/testing'
import { appAt } from '../../../testing/test/support/over-http.ts'

/** An app that runs in a Deno of its own. */
export interface DenoApp {
  readonly app: App
  /** What Deno has said so far. */
  said(): string
  stop(): Promise<void>
}

// Deno itself: killing the script in node_modules/.bin would leave it running. Its package has no types.
const { runInstall } = createRequire(import.meta.url)('deno/install_api.cjs') as {
  runInstall(): string
}

/** Runs `deno serve` with these flags and this environment, until it listens. */
export async function denoServe(
  flags: readonly string[],
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<DenoApp> {
  const own = ['--node-modules-dir=manual', '--no-lock']
  const address = ['--host', '127.0.0.1', '--port', '0']
  const deno = spawn(runInstall(), ['serve', ...flags, ...own, ...address, program], {
    env: { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', ...env },
  })
  let said = ''
  const port = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const [, found] = /Listening on http:\/\/[^:]+:(\d+)/.exec(said) ?? []
      if (found) resolve(Number(found))
    }
    deno.stdout.on('data', hear)
    deno.stderr.on('data', hear)
    deno.on('exit', () => reject(new Error(`Deno has ended:\n${said}`)))
  })
  return { app: appAt(port), said: () => said, stop: () => stop(deno) }
}

/** A server that hands what it is asked to a fake provider, wherever the fake pretends to be. */
export async function leadTo(
  fake: FakeProvider,
  addressOf: (url: string) => string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', headers } = incoming
    const body = method === 'GET' ? undefined : await text(incoming)
    const { 'x-url': url, host: _host, ...sent } = headers as Record<string, string> // no header of these comes twice
    const init = { method, headers: sent, redirect: 'manual' } as const
    const answer = await fake.fetch(addressOf(url ?? ''), body ? { ...init, body } : init)
    outgoing.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
