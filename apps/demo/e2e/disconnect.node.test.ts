import { describe, expect, test } from 'vitest'
import { setStage } from './stage.ts'
import { connect, eventNames } from './visitor.ts'

const stage = setStage()

describe('Disconnect A-08', () => {
  test('forgets the token here and revokes it at Lantern', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, 'Ada')
    const account = await context.newPage()
    await account.goto(stage.demo().lantern)
    await account.getByRole('button', { name: 'Remove access' }).waitFor()
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('button', { name: 'Connect Lantern' }).waitFor()
    expect(await eventNames(page)).toContain('disconnected')
    await page.getByText('Lantern revoked it.').waitFor()
    await account.reload()
    await account.getByText('None.').waitFor()
  })

  test('a copy of the cookie from before opens no API any more [G12]', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, 'Ada')
    const copies = await context.cookies(stage.demo().url)
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('button', { name: 'Connect Lantern' }).waitFor()
    await context.addCookies(copies)
    await page.reload()
    await page.getByText('no longer accepts its token').waitFor()
  })

  test('the next connect asks for consent again', async () => {
    const { page } = await stage.visitor()
    await connect(page, 'Ada')
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('button', { name: 'Connect Lantern' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
  })

  test('asked for by another site it is refused, and the connection stays', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, 'Ada')
    const cookies = await context.cookies(stage.demo().url)
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const logout = (headers: Record<string, string>): Promise<Response> => {
      const address = `${stage.demo().url}/login/lantern/logout`
      return fetch(address, { method: 'POST', redirect: 'manual', headers: { cookie, ...headers } })
    }
    expect((await logout({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await logout({ origin: 'https://elsewhere.example' })).status).toBe(403)
    await page.reload()
    await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
    expect((await logout({ 'sec-fetch-site': 'same-origin' })).status).toBe(303)
    await page.reload()
    await page.getByText('no longer accepts its token').waitFor()
  })
})
