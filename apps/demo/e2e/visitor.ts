import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'

export type VisitorOptions = BrowserContextOptions

/** A person with a browser of their own. */
export interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
}

export async function openVisitor(
  browser: Browser,
  url: string,
  options: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  await page.goto(url)
  return { context, page }
}

/** From the demo's page to Lantern, and back with a connection. */
export async function connect(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Connect Lantern' }).click()
  await signIn(page, name)
  await allow(page)
  await page.getByRole('heading', { name, exact: true }).waitFor()
}

export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export async function allow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Allow' }).click()
}

/** The names of the events in the page's log, newest first. */
export function eventNames(page: Page): Promise<string[]> {
  return page.locator('#log li code').allTextContents()
}

/** The text of the card that stands for Lantern. */
export function cardText(page: Page): Promise<string> {
  return textOf(page.locator('#lantern'))
}

/** Text in one line, as a reader takes it in. */
export async function textOf(locator: Locator): Promise<string> {
  return ((await locator.textContent()) ?? '').replace(/\s+/g, ' ').trim()
}
