import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { looks, overflow, seriousProblems } from '../../demo/e2e/looks.ts'
import { allow, signIn, textOf, type VisitorOptions } from '../../demo/e2e/visitor.ts'
import { type ExampleStage, setExampleStage } from './example-stage.ts'

/** What the shared walk has to know of an example. The page shows the person's name as a heading once connected. */
export interface Walk {
  /** The folder below `apps/examples`, and the provider's name in the app. */
  readonly name: string
  readonly provider: string
  /** Name of the button or link that connects: "Connect GitHub". */
  readonly connect: string
  /** Text that the page shows of what the API answered. */
  readonly shows: string | RegExp
  /** The action that needs one more scope. */
  readonly stepUp: {
    /** Name of its button or link. */
    readonly press: string | RegExp
    /** The scope, as Lantern's consent page names it. */
    readonly scope: string
    /** Text of what comes of it. */
    readonly shows: string | RegExp
  }
  /** Text after consent was declined. */
  readonly declined: string | RegExp
}

/** Clicks through an example in a real browser: on localhost, and behind a proxy that terminates TLS. */
export function walkExample(walk: Walk): void {
  describe(`${walk.name} on localhost`, () => {
    const stage = setExampleStage(walk.name)
    walkOnce(walk, stage)
    endByCtrlC(stage)
  })
  describe(`${walk.name} behind a proxy that terminates TLS A-12`, () => {
    walkOnce(walk, setExampleStage(walk.name, { behindTLS: true }))
  })
}

/** From the app's page to Lantern, and back with a connection. */
export async function connect(page: Page, walk: Walk, name: string): Promise<void> {
  await press(page, walk.connect).click()
  await signIn(page, name)
  await allow(page)
  await page.getByRole('heading', { name, exact: true }).waitFor()
}

/** A button or a link, as a person sees no difference. */
export function press(page: Page, name: string | RegExp): Locator {
  const options = typeof name === 'string' ? { name, exact: true } : { name }
  return page.getByRole('button', options).or(page.getByRole('link', options))
}

/** Anybody may write any error into an address: names that every object has, and what looks like markup. */
export function tellUnknownErrors(stage: ExampleStage, path: string): void {
  test.each(['constructor', '__proto__', '<b>'])('the error %s is told as it is', async (code) => {
    const { page } = await stage.visitor()
    const address = `${stage.origin()}${path}?error=${encodeURIComponent(code)}`
    expect((await page.goto(address))?.status()).toBe(200)
    await page.getByText(`(${code})`).waitFor()
  })
}

/** The last test of a suite: afterwards nothing runs any more. */
export function endByCtrlC(stage: ExampleStage): void {
  test('Ctrl-C ends app and provider, also while a browser holds connections open', async () => {
    const { url, lantern, stop } = stage.app()
    await stage.visitor()
    const ahead = connectSocket({ host: 'localhost', port: Number(new URL(url).port) })
    ahead.on('error', () => 'the app has ended')
    await once(ahead, 'connect') // browsers open some before they have anything to ask
    const before = Date.now()
    await stop('SIGINT')
    expect(Date.now() - before).toBeLessThan(15_000) // a machine that has more to do; else at once
    await expect(fetch(url)).rejects.toThrow()
    await expect(fetch(lantern)).rejects.toThrow()
    ahead.destroy()
  })
}

function walkOnce(walk: Walk, stage: ExampleStage): void {
  test('a visitor connects and sees what the API says A-03', async () => {
    const { page } = await stage.visitor()
    await connect(page, walk, 'Ada Lovelace')
    expect(new URL(page.url()).origin).toBe(stage.origin())
    await page.getByText(walk.shows).first().waitFor()
    const answer = await page.reload()
    expect(answer?.headers()['cache-control']).toContain('no-store')
  })

  test('a token that has run out is refreshed, and nobody signs in NX-08', async () => {
    const { page } = await stage.visitor()
    await connect(page, walk, 'Ada Lovelace')
    const before = await expiry(page)
    const visited: string[] = []
    page.on('framenavigated', (frame) => visited.push(new URL(frame.url()).origin))
    await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(before)
    await page.reload()
    await page.getByRole('heading', { name: 'Ada Lovelace', exact: true }).waitFor()
    await page.getByText(walk.shows).first().waitFor()
    expect(await expiry(page)).toBeGreaterThan(before)
    expect(new Set(visited)).toEqual(new Set([stage.origin()]))
  })

  test('one more scope is asked for where it is needed, and declining it ends nothing A-20', async () => {
    const { page } = await stage.visitor()
    await connect(page, walk, 'Ada Lovelace')
    await press(page, walk.stepUp.press).first().click()
    await page.getByRole('heading', { name: /^Allow/ }).waitFor()
    expect(await page.locator('.scopes code').allTextContents()).toEqual([walk.stepUp.scope])
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText(walk.declined).first().waitFor()
    await page.goto(stage.origin())
    await page.getByRole('heading', { name: 'Ada Lovelace', exact: true }).waitFor()
    await press(page, walk.stepUp.press).first().click()
    await allow(page)
    await page.getByText(walk.stepUp.shows).first().waitFor()
  })

  test('a visitor disconnects, and Lantern knows A-08', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, walk, 'Ada Lovelace')
    const account = await context.newPage()
    await account.goto(stage.app().lantern)
    await account.getByRole('button', { name: 'Remove access' }).waitFor()
    await press(page, 'Disconnect').click()
    await press(page, walk.connect).waitFor()
    await account.reload()
    await account.getByText('None.').waitFor()
  })

  test('declined consent comes back with a word, and starts nothing again A-16', async () => {
    const { page } = await stage.visitor()
    let logins = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === `/login/${walk.provider}`) logins++
    })
    await press(page, walk.connect).click()
    await signIn(page, 'Ada Lovelace')
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText(walk.declined).first().waitFor()
    await page.goto(stage.origin())
    await press(page, walk.connect).waitFor()
    expect(logins).toBe(1)
  })

  test('an answer to no login at all gets a page in words', async () => {
    const { page } = await stage.visitor()
    const address = `${stage.origin()}/login/${walk.provider}/callback?state=none&code=none`
    const answer = await page.goto(address)
    expect(answer?.status()).toBe(400)
    expect((await textOf(page.locator('body'))).length).toBeGreaterThan(20)
    expect(await seriousProblems(page, 'the error page')).toEqual([])
  })

  tellUnknownErrors(stage, '/')

  for (const [look, options] of Object.entries(looks)) {
    test(`everybody can use its pages, ${look}`, () => checkLook(walk, stage, options))
  }
}

async function checkLook(walk: Walk, stage: ExampleStage, options: VisitorOptions): Promise<void> {
  const { page } = await stage.visitor({ ...options, reducedMotion: 'reduce' })
  const found = await seriousProblems(page, 'the page before')
  expect(await overflow(page)).toBe(0)
  await connect(page, walk, 'Ada Lovelace')
  found.push(...(await seriousProblems(page, 'the page after')))
  expect(await overflow(page)).toBe(0)
  expect(found).toEqual([])
}

/** The end of the access token as the page tells it, in milliseconds since the epoch. */
async function expiry(page: Page): Promise<number> {
  const text = await page.locator('dd time').first().getAttribute('datetime')
  return Date.parse(text ?? '')
}
