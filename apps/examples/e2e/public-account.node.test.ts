import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { looks, overflow, seriousProblems } from '../../demo/e2e/looks.ts'
import { allow, signIn } from '../../demo/e2e/visitor.ts'
import { enter, passphrase, sendPost, trySlowly } from './club-requests.ts'
import { type ExampleStage, setExampleStage } from './example-stage.ts'
import { endByCtrlC, press, tellUnknownErrors } from './walk.ts'

const name = 'public-account'
const variables = { OPERATOR_PASSPHRASE: passphrase }

describe(`${name} on localhost A-01`, () => {
  const stage = setExampleStage(name, { variables })
  walk(stage)
  endByCtrlC(stage)
})
describe(`${name} behind a proxy that terminates TLS A-01 A-12`, () => {
  walk(setExampleStage(name, { variables, behindTLS: true }))
})

/** The tests are one story: the account is the same for all of them. */
function walk(stage: ExampleStage): void {
  test('an account that nobody has connected is shown as such', async () => {
    const { page } = await stage.visitor()
    await page.getByText('The account is not connected').waitFor()
    expect(await page.getByLabel('Your post').count()).toBe(0)
    expect((await sendPost(stage, 'Nobody hears this')).status).toBe(503)
  })

  test('a visitor who opens the login gets a page that says no', async () => {
    const { context, page } = await stage.visitor()
    const answer = await page.goto(`${stage.origin()}/login/x`)
    expect(answer?.status()).toBe(403)
    expect(await seriousProblems(page, 'the page that says no')).toEqual([])
    expect(await context.cookies()).toEqual([])
  })

  test('a wrong passphrase opens nothing', async () => {
    const { page } = await stage.visitor()
    await enter(page, stage, 'open barley')
    await page.getByText('That is not the passphrase.').waitFor()
    await page.goto(`${stage.origin()}/operator`)
    await page.getByLabel('Passphrase').waitFor()
  })

  test('the operator who declines has changed nothing A-16', async () => {
    const { page } = await stage.visitor()
    await enter(page, stage)
    await press(page, 'Connect X').click()
    await signIn(page, 'The Club')
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText('You declined, and that is fine').waitFor()
    await press(page, 'Connect X').waitFor()
  })

  test('the operator connects the account, and opens it with one scope more A-20', async () => {
    const { page } = await stage.visitor()
    await enter(page, stage)
    await press(page, 'Connect X').click()
    await signIn(page, 'The Club')
    await allow(page)
    await page.getByRole('heading', { name: 'The Club', exact: true }).waitFor()
    expect((await sendPost(stage, 'Too early')).status).toBe(503)
    await press(page, /^Let visitors post/).click()
    await page.getByRole('heading', { name: /^Allow/ }).waitFor()
    expect(await page.locator('.scopes code').allTextContents()).toEqual(['tweet.write'])
    await allow(page)
    await page.getByText('may post').waitFor()
  })

  test('two visitors post, the second after the token has run out; neither gets a cookie NX-08', async () => {
    const [ada, grace] = [await stage.visitor(), await stage.visitor()]
    await post(ada.page, 'Hello from Ada')
    const { page: operator } = await stage.visitor()
    await enter(operator, stage)
    const end = await expiry(operator)
    await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(end)
    await post(grace.page, '<b>Hello</b> from Grace')
    await grace.page.getByText('Hello from Ada').waitFor()
    expect(await ada.context.cookies()).toEqual([])
    expect(await grace.context.cookies()).toEqual([])
    await operator.reload()
    expect(await expiry(operator)).toBeGreaterThan(end)
  })

  for (const [look, options] of Object.entries(looks)) {
    test(`everybody can use its pages, ${look}`, async () => {
      const { page } = await stage.visitor({ ...options, reducedMotion: 'reduce' })
      const found = await seriousProblems(page, 'the page of visitors')
      expect(await overflow(page)).toBe(0)
      await enter(page, stage)
      await press(page, 'Disconnect').waitFor()
      found.push(...(await seriousProblems(page, 'the page of the operator')))
      expect(await overflow(page)).toBe(0)
      expect(found).toEqual([])
    })
  }

  tellUnknownErrors(stage, '/operator')

  test('a form of another site posts nothing', async () => {
    expect((await sendPost(stage, 'From elsewhere', 'cross-site')).status).toBe(403)
    const { page } = await stage.visitor()
    expect(await page.getByText('From elsewhere').count()).toBe(0)
  })

  test('what is too long is refused, and not lost', async () => {
    const answer = await sendPost(stage, 'x'.repeat(281))
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('x'.repeat(281))
  })

  test('a login of nobody’s gets a page in words', async () => {
    const { page } = await stage.visitor()
    await enter(page, stage)
    const answer = await page.goto(`${stage.origin()}/login/x/callback?state=none&code=none`)
    expect(answer?.status()).toBe(400)
    expect(await seriousProblems(page, 'the error page')).toEqual([])
  })

  test('the operator disconnects, and visitors see it at once A-08', async () => {
    const { page } = await stage.visitor()
    const visitor = await stage.visitor()
    await visitor.page.getByLabel('Your post').fill('A moment too late')
    await enter(page, stage)
    await press(page, 'Disconnect').click()
    await press(page, 'Connect X').waitFor()
    await visitor.page.getByRole('button', { name: 'Post' }).click()
    await visitor.page.getByText('This cannot be posted right now').waitFor()
    await visitor.page.getByText('The account is not connected').waitFor()
  })

  test('so does everybody when access is taken back at the provider A-11', async () => {
    const { context, page } = await stage.visitor()
    await enter(page, stage)
    await press(page, 'Connect X').click()
    await signIn(page, 'The Club')
    await allow(page)
    await page.getByRole('heading', { name: 'The Club', exact: true }).waitFor()
    const account = await context.newPage()
    await account.goto(stage.app().lantern)
    await account.getByRole('button', { name: 'Remove access' }).click()
    await account.getByText('None.').waitFor()
    await page.reload()
    await press(page, 'Connect X').waitFor()
    const visitor = await stage.visitor()
    await visitor.page.getByText('The account is not connected').waitFor()
  })

  test('who posts one text after the other has to wait', async () => {
    const statuses = []
    for (let times = 0; times < 11; times++) statuses.push((await sendPost(stage, 'More')).status)
    expect(statuses.at(-1)).toBe(429)
  })

  test('who tries many passphrases has to wait, also with all of them at once', async () => {
    const tries = Array.from({ length: 20 }, (_, number) => trySlowly(stage, `open ${number}`))
    const statuses = await Promise.all(tries)
    expect(statuses.filter((status) => status === 403).length).toBeLessThanOrEqual(5)
    expect(new Set(statuses)).toEqual(new Set([403, 429]))
    const { page } = await stage.visitor()
    await enter(page, stage)
    await page.getByText('Too many attempts').waitFor()
  })
}

async function post(page: Page, text: string): Promise<void> {
  await page.reload()
  await page.getByLabel('Your post').fill(text)
  await page.getByRole('button', { name: 'Post' }).click()
  await page.getByRole('listitem').filter({ hasText: text }).waitFor()
}

async function expiry(page: Page): Promise<number> {
  const text = await page.locator('dd time').getAttribute('datetime')
  return Date.parse(text ?? '')
}
