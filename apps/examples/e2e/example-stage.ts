import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, inject } from 'vitest'
import { type AppProcess, startAppProcess } from '../../demo/e2e/app-process.ts'
import { openBrowser } from '../../demo/e2e/browser.ts'
import { openVisitor, type Visitor, type VisitorOptions } from '../../demo/e2e/visitor.ts'
import { startTLSProxy, type TLSProxy } from './tls-proxy.ts'

/** A running example and a browser, shared by the tests of one suite. */
export interface ExampleStage {
  /** Where a browser finds the app: its own address, or the proxy's. */
  origin(): string
  app(): AppProcess
  /** Somebody new, with a browser profile of their own, on the app's page. */
  visitor(options?: VisitorOptions): Promise<Visitor>
}

export interface StageOptions {
  /** Variables for the app; its tokens live five seconds if they do not say otherwise. */
  readonly variables?: Readonly<Record<string, string>>
  /** Puts a proxy that terminates TLS in front of the app, and its origin into `DANCE_ORIGIN`. */
  readonly behindTLS?: boolean
}

/** Starts an example before the tests of the suite that this is called in, as it runs in production. */
export function setExampleStage(name: string, options: StageOptions = {}): ExampleStage {
  let running: { app: AppProcess; browser: Browser; proxy: TLSProxy | null } | undefined
  const started = (): NonNullable<typeof running> => {
    if (running === undefined) throw new Error('The example is not running')
    return running
  }
  beforeAll(async () => {
    const proxy = options.behindTLS ? await startTLSProxy() : null
    const app = await startAppProcess(mainOf(name), {
      HOME: process.env.HOME ?? '',
      DEMO_TOKEN_SECONDS: '5',
      ...(proxy && { DANCE_ORIGIN: proxy.origin }),
      ...options.variables,
    })
    proxy?.forwardTo(app.url)
    running = { app, proxy, browser: await openBrowser(inject('chromium')) }
  })
  afterAll(async () => {
    await running?.browser.close()
    running?.proxy?.close()
    await running?.app.stop()
  })
  const origin = (): string => started().proxy?.origin ?? started().app.url
  return {
    origin,
    app: () => started().app,
    visitor: (visitor) =>
      openVisitor(started().browser, origin(), { ignoreHTTPSErrors: true, ...visitor }),
  }
}

/** What starts an example. */
export function mainOf(name: string): string {
  return fileURLToPath(new URL(`../${name}/src/main.ts`, import.meta.url))
}
