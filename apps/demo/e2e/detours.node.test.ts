import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startCookielessProxy } from './cookieless-proxy.ts'
import { setStage } from './stage.ts'
import { allow, cardText, connect, eventNames, signIn, textOf } from './visitor.ts'

const stage = setStage()

describe('consent declined A-16', () => {
  test('comes back with a word, stores nothing and does not loop', async () => {
    const { page } = await stage.visitor()
    const logins = countRequests(page, '/login/lantern?')
    await page.getByRole('button', { name: 'Connect Lantern' }).click()
    await signIn(page, 'Ada')
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText('You declined, and that is fine').waitFor()
    await page.getByRole('button', { name: 'Connect Lantern' }).waitFor()
    expect(await eventNames(page)).toEqual(['error', 'beforeLogin'])
    expect(logins()).toBe(1)
  })

  test('can be said before signing in', async () => {
    const { page } = await stage.visitor()
    await page.getByRole('button', { name: 'Connect Lantern' }).click()
    await page.getByRole('button', { name: 'Cancel and go back' }).click()
    await page.getByText('You declined, and that is fine').waitFor()
  })
})

describe('one more scope A-20', () => {
  test('Lantern asks for that one alone, and the connection has all of them', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada')
    await page.getByRole('link', { name: 'Read my notes' }).click()
    await page.getByText('Read your notes').waitFor()
    expect(await page.getByRole('listitem').count()).toBe(1)
    await page.getByText('Allowed before: openid, profile.').waitFor()
    await allow(page)
    await page.getByText('GET /notes answered 200').waitFor()
    const scopes = await page.locator('#lantern .chips li').allTextContents()
    expect(scopes.toSorted()).toEqual(['notes', 'openid', 'profile'])
    expect(await eventNames(page)).toContain('scopesChanged')
  })

  test('declined, the connection stays as it was', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada')
    await page.getByRole('link', { name: 'Read my notes' }).click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText('You declined, and that is fine').waitFor()
    expect(await cardText(page)).toContain('connected to Lantern')
    await page.getByRole('link', { name: 'Read my notes' }).waitFor()
  })
})

describe('two tabs at once NX-03', () => {
  test('both finish, each where it wanted to go', async () => {
    const { context, page: first } = await stage.visitor()
    const second = await context.newPage()
    const login = (tab: number): string => `${stage.demo().url}/login/lantern?returnTo=/?tab=${tab}`
    await second.goto(stage.demo().url)
    await first.goto(login(1))
    await second.goto(login(2))
    await signIn(first, 'Ada')
    await signIn(second, 'Ada')
    await allow(second)
    await second.waitForURL('**/?tab=2')
    await allow(first)
    await first.waitForURL('**/?tab=1')
    expect(await cardText(first)).toContain('connected to Lantern')
    await second.reload()
    expect(await cardText(second)).toContain('connected to Lantern')
  })
})

describe('going back after the callback NX-15', () => {
  test('the browser’s button leads to a page that explains itself', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada')
    await page.goBack()
    await page.getByRole('link', { name: /^Back to/ }).click()
    await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
  })

  test('the callback’s address, opened once more, changes nothing', async () => {
    const { page } = await stage.visitor()
    let callback = ''
    page.on('request', (request) => {
      if (request.url().includes('/callback')) callback = request.url()
    })
    await connect(page, 'Ada')
    const answer = await page.goto(callback)
    expect(answer?.status()).toBe(400)
    await page.goto(stage.demo().url)
    await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
    expect((await eventNames(page)).filter((name) => name === 'stored')).toHaveLength(1)
  })
})

describe('cookies blocked NX-04', () => {
  test('nothing restarts by itself; after the button a page says that cookies are needed', async () => {
    await using proxy = await startCookielessProxy(new URL(stage.demo().url).host)
    const { page } = await stage.visitor({ proxy: { server: proxy.url } })
    const logins = countRequests(page, '/login/lantern?')
    await page.getByRole('button', { name: 'Connect Lantern' }).click()
    await signIn(page, 'Ada')
    await allow(page)
    await page.waitForURL('**/callback?**')
    expect(logins()).toBe(1)
    await page.getByRole('button').or(page.getByRole('main').getByRole('link')).first().click()
    await page
      .getByText(/cookies/i)
      .first()
      .waitFor()
    expect(await textOf(page.locator('body'))).toMatch(/cookies/i)
    expect(logins()).toBe(2)
  })
})

function countRequests(page: Page, part: string): () => number {
  let count = 0
  page.on('request', (request) => {
    if (request.url().includes(part)) count++
  })
  return () => count
}
