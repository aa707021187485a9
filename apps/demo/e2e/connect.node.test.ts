import { describe, expect, test } from 'vitest'
import { setStage } from './stage.ts'
import { allow, cardText, connect, eventNames, signIn, textOf } from './visitor.ts'

const stage = setStage()

describe('connecting', () => {
  test('a button, a name, Allow: person, scopes and expiry are shown A-03', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada Lovelace')
    expect(new URL(page.url()).href).toBe(`${stage.demo().url}/`)
    const card = await cardText(page)
    expect(card).toContain('connected to Lantern')
    expect(card).toContain('openid')
    expect(card).toContain('profile')
    await page.getByText(/expires in \d+ s/).waitFor()
    expect(await eventNames(page)).toEqual(['stored', 'authorized', 'beforeLogin'])
  })

  test('the countdown counts down', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada Lovelace')
    const rest = async (): Promise<number> => Number(/in (\d+) s/.exec(await cardText(page))?.[1])
    await page.getByText(/expires in \d+ s/).waitFor()
    const before = await rest()
    expect(before).toBeLessThanOrEqual(60)
    await expect.poll(rest, { timeout: 5000 }).toBeLessThan(before)
  })

  test('the API is called in place and its answer shown', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Grace Hopper')
    await page.getByRole('button', { name: 'Ask who I am' }).click()
    await page.getByText('GET /me answered 200').waitFor()
    expect(await cardText(page)).toContain('"name": "Grace Hopper"')
    expect(new URL(page.url()).search).toBe('')
  })

  test('everything works by keyboard', async () => {
    const { page } = await stage.visitor()
    await page.keyboard.press('Tab')
    expect(await textOf(page.locator(':focus'))).toBe('Connect Lantern')
    await page.keyboard.press('Enter')
    await page.locator('#name:focus').waitFor()
    await page.keyboard.type('Katherine Johnson')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Allow/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Katherine Johnson' }).waitFor()
  })

  test('a name full of markup is shown as it was typed', async () => {
    const { page } = await stage.visitor()
    await connect(page, '<img src=x onerror=alert(1)> & "co"')
    expect(await page.locator('#lantern img').count()).toBe(0)
  })

  test('no name at all is asked for once more', async () => {
    const { page } = await stage.visitor({ javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Connect Lantern' }).click()
    await signIn(page, ' \u200b ')
    await page.getByText('Please type a name, any name.').waitFor()
    await signIn(page, 'Ada')
    await allow(page)
    await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
  })

  test('signing in under another name leaves the first one behind', async () => {
    const { page } = await stage.visitor()
    await page.getByRole('button', { name: 'Connect Lantern' }).click()
    await signIn(page, 'Somebody Else')
    await page.getByRole('button', { name: 'Use another name' }).click()
    await signIn(page, 'Ada')
    await allow(page)
    await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
  })
})

describe('without JavaScript', () => {
  test('connect, call, one more scope and disconnect', async () => {
    const { page } = await stage.visitor({ javaScriptEnabled: false })
    await connect(page, 'Ada Lovelace')
    expect(await cardText(page)).toMatch(/expires at \d\d:\d\d:\d\d/)
    await page.getByRole('button', { name: 'Ask who I am' }).click()
    await page.getByText('GET /me answered 200').waitFor()
    await page.getByRole('link', { name: 'Read my notes' }).click()
    await allow(page)
    await page.getByText('GET /notes answered 200').waitFor()
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('button', { name: 'Connect Lantern' }).waitFor()
    expect(await eventNames(page)).toContain('disconnected')
  })
})

describe('two visitors at once', () => {
  test('neither sees the other: connection, name, log NX-02', async () => {
    const [ada, grace] = await Promise.all([stage.visitor(), stage.visitor()])
    await Promise.all([connect(ada.page, 'Ada'), connect(grace.page, 'Grace')])
    await ada.page.getByRole('button', { name: 'Disconnect' }).click()
    await ada.page.getByRole('button', { name: 'Connect Lantern' }).waitFor()
    expect(await eventNames(grace.page)).toEqual(['stored', 'authorized', 'beforeLogin'])
    await grace.page.reload()
    await grace.page.getByRole('heading', { name: 'Grace', exact: true }).waitFor()
    expect(await eventNames(grace.page)).toEqual(['stored', 'authorized', 'beforeLogin'])
    const nobody = await stage.visitor()
    expect(await eventNames(nobody.page)).toEqual([])
  })
})
