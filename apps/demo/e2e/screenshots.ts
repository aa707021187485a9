// Takes the pictures to look at before a change of the pages is called done: node e2e/screenshots.ts FOLDER
// The README shows desktop-4-connected.png, kept as apps/demo/screenshot.png.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser, removeChromium, unpackChromium } from './browser.ts'
import { startDemoProcess } from './demo-process.ts'
import { allow, openVisitor, signIn, type Visitor, type VisitorOptions } from './visitor.ts'

const folder = process.argv[2] ?? 'screenshots'
const looks: Readonly<Record<string, VisitorOptions>> = {
  desktop: { viewport: { width: 1280, height: 800 } },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
}

mkdirSync(folder, { recursive: true })
const unpacked = await unpackChromium()
const [browser, demo] = await Promise.all([
  openBrowser(unpacked),
  startDemoProcess({ DEMO_TOKEN_SECONDS: '12' }),
])
try {
  for (const [look, options] of Object.entries(looks)) {
    const visitor = await openVisitor(browser, demo.url, { ...options, reducedMotion: 'reduce' })
    await walk(visitor, (name) => join(folder, `${look}-${name}.png`))
    await visitor.context.close()
  }
} finally {
  await browser.close()
  await demo.stop()
  removeChromium(unpacked)
}

async function walk({ page }: Visitor, file: (name: string) => string): Promise<void> {
  const take = async (name: string): Promise<void> => {
    await page.screenshot({ path: file(name), fullPage: true })
  }
  await take('1-before')
  await page.getByRole('button', { name: 'Connect Lantern' }).click()
  await take('2-sign-in')
  await signIn(page, 'Ada Lovelace')
  await page.getByRole('button', { name: 'Allow' }).waitFor()
  await take('3-consent')
  await allow(page)
  await page.getByText('now: the next call refreshes it').waitFor({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Ask who I am' }).click()
  await page.locator('#log li').filter({ hasText: 'refreshed' }).waitFor()
  await page.getByText('GET /me answered 200').waitFor()
  await take('4-connected')
  await page.getByRole('link', { name: 'Read my notes' }).click()
  await take('5-one-more-scope')
  await page.getByRole('button', { name: 'Decline' }).click()
  await page.getByText('You declined').waitFor()
  await take('6-declined')
  await page.getByRole('link', { name: 'Read my notes' }).click()
  await allow(page)
  await page.getByText('GET /notes answered 200').waitFor()
  await take('7-notes')
  await page.getByRole('link', { name: 'Your account at Lantern' }).click()
  await take('8-account')
}
