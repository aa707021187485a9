import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, inject } from 'vitest'
import type { AppProcess } from './app-process.ts'
import { openBrowser } from './browser.ts'
import { type DemoVariables, startDemoProcess } from './demo-process.ts'
import { openVisitor, type Visitor, type VisitorOptions } from './visitor.ts'

/** A running demo and a browser, shared by the tests of one file. */
export interface Stage {
  demo(): AppProcess
  /** Somebody new, with a browser profile of their own, on the demo's page. */
  visitor(options?: VisitorOptions): Promise<Visitor>
}

export function setStage(variables: DemoVariables = {}): Stage {
  let running: { demo: AppProcess; browser: Browser } | undefined
  const started = (): { demo: AppProcess; browser: Browser } => {
    if (running === undefined) throw new Error('The demo is not running')
    return running
  }
  beforeAll(async () => {
    const [demo, browser] = await Promise.all([
      startDemoProcess(variables),
      openBrowser(inject('chromium')),
    ])
    running = { demo, browser }
  })
  afterAll(async () => {
    await running?.browser.close()
    await running?.demo.stop()
  })
  return {
    demo: () => started().demo,
    visitor: (options) => openVisitor(started().browser, started().demo.url, options),
  }
}
