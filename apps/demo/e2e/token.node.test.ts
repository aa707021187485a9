import { describe, expect, test } from 'vitest'
import { setStage } from './stage.ts'
import { cardText, connect, eventNames } from './visitor.ts'

const stage = setStage({ DEMO_TOKEN_SECONDS: '3' })

describe('a token that has run out', () => {
  test('is refreshed on the way of the next call, without a hitch NX-08', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada Lovelace')
    const visited: string[] = []
    page.on('framenavigated', (frame) => visited.push(frame.url()))
    await page.getByText('now: the next call refreshes it').waitFor()
    await page.getByRole('button', { name: 'Ask who I am' }).click()
    await page.getByText('GET /me answered 200').waitFor()
    await expect.poll(() => eventNames(page)).toContain('refreshed')
    expect(await cardText(page)).toMatch(/expires in \d s/)
    expect(visited).toEqual([])
  })

  test('is refreshed again and again, each refresh token used once A-17', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada Lovelace')
    for (const times of [1, 2, 3]) {
      await page.getByText('now: the next call refreshes it').waitFor()
      await page.getByRole('button', { name: 'Ask who I am' }).click()
      await page.getByText(/expires in \d s/).waitFor()
      const refreshed = async (): Promise<number> =>
        (await eventNames(page)).filter((name) => name === 'refreshed').length
      await expect.poll(refreshed).toBe(times)
    }
  })

  test('is refreshed for two tabs at once, and both go on NX-10', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, 'Ada Lovelace')
    const other = await context.newPage()
    await other.goto(stage.demo().url)
    await page.getByText('now: the next call refreshes it').waitFor()
    await other.getByText('now: the next call refreshes it').waitFor()
    const call = { name: 'Ask who I am' }
    await Promise.all([
      page.getByRole('button', call).click(),
      other.getByRole('button', call).click(),
    ])
    await page.getByText('GET /me answered 200').waitFor()
    await other.getByText('GET /me answered 200').waitFor()
    await page.getByText('now: the next call refreshes it').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
  })

  test('is not noticed on a page without JavaScript', async () => {
    const { page } = await stage.visitor({ javaScriptEnabled: false })
    await connect(page, 'Ada Lovelace')
    await page.waitForTimeout(3100)
    await page.reload()
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
    expect(await eventNames(page)).toContain('refreshed')
  })
})

describe('access taken back at Lantern', () => {
  test('ends the connection in words, with a button to connect again A-11', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada Lovelace')
    await page.getByRole('link', { name: 'Your account at Lantern' }).click()
    await page.getByRole('button', { name: 'Remove access' }).click()
    await page.getByText('None.').waitFor()
    await page.getByRole('link', { name: /^Back to/ }).click()
    await page.getByText('no longer accepts its token').waitFor()
    expect(await eventNames(page)).toContain('needsLogin')
    await page.getByRole('button', { name: 'Connect Lantern' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
  })

  test('is told by a call in place too', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, 'Ada Lovelace')
    const lantern = await context.newPage()
    await lantern.goto(stage.demo().lantern)
    await lantern.getByRole('button', { name: 'Remove access' }).click()
    await page.getByRole('button', { name: 'Ask who I am' }).click()
    await page.getByRole('link', { name: 'Connect again' }).waitFor()
  })
})
