import type { FakeProvider } from '@fetch-dance/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Listening,
  listeningFake,
} from '../../../../packages/testing/test/support/over-http.ts'
import {
  openBrowser,
  removeChromium,
  type Unpacked,
  unpackChromium,
} from '../../../demo/e2e/browser.ts'
import { environment, freePort, type RunningApp } from './running.ts'

/**
 * Clicks in Chromium on what a framework's own client follows: at `/start` a link to `/`, and a form for it.
 *
 * @param name The framework.
 * @param start Starts the app with an environment.
 * @param isData Whether a URL is one that only the client fetches.
 */
export function clickThrough(
  name: string,
  start: (env: Record<string, string>) => Promise<RunningApp>,
  isData: (url: URL) => boolean,
): void {
  describe(`the client of ${name}`, () => {
    let listening: Listening<FakeProvider>
    let running: RunningApp
    let chromium: Unpacked
    let browser: Browser
    let home: string

    beforeAll(async () => {
      listening = await listeningFake()
      const port = await freePort()
      home = `http://localhost:${port}`
      running = await start({ ...environment(listening.served.issuer, home), PORT: String(port) })
      chromium = await unpackChromium()
      browser = await openBrowser(chromium)
    }, 300_000)

    afterAll(async () => {
      await browser?.close()
      if (chromium) removeChromium(chromium)
      await running?.stop()
      await listening?.close()
    })

    test('follows a link by way of the login', async () => {
      const { page, fetched } = await openStart()
      await page.getByRole('link', { name: 'Hello' }).click()
      await page.getByText('Hello octocat').waitFor()
      expect(page.url()).toBe(`${home}/`)
      expect(fetched.some(isData)).toBe(true)
    })

    test('sends a form by way of the login, and comes back to the page of the form', async () => {
      const { page, fetched } = await openStart()
      const back = page.waitForResponse((answer) => answer.url().includes('/login/github/callback'))
      await page.getByRole('button', { name: 'Send' }).click()
      expect((await back).status()).toBe(303)
      await page.waitForURL(`${home}/start`, { waitUntil: 'networkidle' })
      const logins = fetched.length
      await page.getByRole('link', { name: 'Hello' }).click()
      await page.getByText('Hello octocat').waitFor()
      expect(fetched.slice(logins).map(({ pathname }) => pathname)).not.toContain('/login/github')
    })

    async function openStart(): Promise<{ page: Page; fetched: URL[] }> {
      const page = await (await browser.newContext()).newPage()
      const fetched: URL[] = []
      page.on('request', (request) => fetched.push(new URL(request.url())))
      await page.goto(`${home}/start`, { waitUntil: 'networkidle' }) // the client is in charge
      return { page, fetched }
    }
  })
}
