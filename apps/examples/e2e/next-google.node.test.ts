import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { allow, signIn } from '../../demo/e2e/visitor.ts'
import { setExampleStage } from './example-stage.ts'
import { connect, press, type Walk, walkExample } from './walk.ts'

const walk: Walk = {
  name: 'next-google',
  provider: 'google',
  connect: 'Connect Google',
  shows: 'Note G: the Bernoulli numbers',
  stepUp: {
    press: 'Add to my calendar',
    scope: 'https://www.googleapis.com/auth/calendar.events',
    shows: 'You can add it now',
  },
  declined: 'You declined, and that is fine',
}

walkExample(walk)

describe('the calendar of next-google', () => {
  const stage = setExampleStage('next-google', { variables: { DEMO_TOKEN_SECONDS: '3' } })

  for (const [how, javaScriptEnabled] of Object.entries({ with: true, without: false })) {
    test(`an action adds to it, a token that has run out or not, ${how} scripts A-20`, async () => {
      const { page } = await stage.visitor({ javaScriptEnabled })
      const lunch = `Lunch ${how} scripts`
      await connect(page, walk, 'Mary Somerville')
      await add(page, lunch)
      await allow(page)
      await page.getByText(walk.stepUp.shows).waitFor()
      expect(await page.getByLabel('Something new').inputValue()).toBe(lunch)
      const end = Date.now() + 3500
      await expect.poll(() => Date.now(), { timeout: 10_000 }).toBeGreaterThan(end)
      await press(page, 'Add to my calendar').click()
      await page.getByRole('listitem').filter({ hasText: lunch }).waitFor()
      expect(page.url()).toBe(`${stage.origin()}/`)

      await press(page, 'Disconnect').click()
      await press(page, walk.connect).waitFor()
      await page.reload()
      await press(page, walk.connect).waitFor()
    })
  }

  test('who takes access back at the provider can connect again A-11', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, walk, 'Charles Babbage')
    const account = await context.newPage()
    await account.goto(stage.app().lantern)
    await account.getByRole('button', { name: 'Remove access' }).click()
    await account.getByText('None.').waitFor()
    await page.reload()
    await press(page, walk.connect).click()
    await allow(page)
    await page.getByText(walk.shows).first().waitFor()
  })

  test('who was never connected and posts to an action is sent to sign in, and back', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, walk, 'Ada Lovelace')
    await context.clearCookies()
    await add(page, 'Whist')
    await signIn(page, 'Ada Lovelace')
    await allow(page)
    await page.getByText(walk.stepUp.shows).waitFor()
  })
})

async function add(page: Page, text: string): Promise<void> {
  await page.getByLabel('Something new').fill(text)
  await press(page, 'Add to my calendar').click()
}
