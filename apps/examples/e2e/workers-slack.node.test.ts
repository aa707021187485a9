import { describe, expect, test } from 'vitest'
import { textOf } from '../../demo/e2e/visitor.ts'
import { setExampleStage } from './example-stage.ts'
import { connect, press, type Walk, walkExample } from './walk.ts'

const walk: Walk = {
  name: 'workers-slack',
  provider: 'slack',
  connect: 'Connect Slack',
  shows: 'connected to Analytical Society',
  stepUp: {
    press: /^Include what was said/,
    scope: 'channels:history',
    shows: 'The engine weaves algebraical patterns',
  },
  declined: 'You declined, and that is fine',
}

walkExample(walk)

describe('the digests of workers-slack', () => {
  const stage = setExampleStage('workers-slack', { variables: { DEMO_TOKEN_SECONDS: '2' } })

  test('the cron trigger writes everybody one, with nobody there and the tokens run out', async () => {
    const { page } = await stage.visitor()
    await connect(page, walk, 'Ada Lovelace')
    await page.getByText('None yet').waitFor()
    const another = await stage.visitor()
    await connect(another.page, walk, 'Charles Babbage')
    const end = Date.now() + 3000
    await expect.poll(() => Date.now(), { timeout: 10_000 }).toBeGreaterThan(end)

    await press(page, 'run the cron trigger').click()
    await page.getByText('ok', { exact: true }).waitFor()
    for (const reader of [page, another.page]) {
      await reader.goto(stage.origin())
      await reader.getByText('Numbers, step by step').waitFor()
      expect(await textOf(reader.locator('main'))).not.toContain('As ever')
    }
  })

  test('a form of another site, or of a neighbour, ends and writes nothing', async () => {
    for (const path of ['/disconnect', '/sign-out', '/digest']) {
      for (const site of ['same-site', 'cross-site']) {
        const headers = { 'sec-fetch-site': site }
        const answer = await fetch(`${stage.app().url}${path}`, { method: 'POST', headers })
        expect(answer.status).toBe(403)
      }
    }
  })

  test('who signs out is asked for no consent again, and finds the digest A-05 A-07', async () => {
    const { page } = await stage.visitor()
    await connect(page, walk, 'Mary Somerville')
    await press(page, 'Write mine now').click()
    await page.getByText('Numbers, step by step').waitFor()
    await press(page, 'Sign out here').click()
    await press(page, walk.connect).click()
    await page.getByText('Numbers, step by step').waitFor()
    expect(await page.getByRole('heading', { name: 'Mary Somerville', exact: true }).count()).toBe(
      1,
    )
  })

  test('who disconnects takes the digest along, and makes room for another person', async () => {
    const { context, page } = await stage.visitor()
    await connect(page, walk, 'Ada Lovelace')
    await press(page, 'Write mine now').click()
    await page.getByText('Numbers, step by step').waitFor()
    await press(page, 'Disconnect').click()
    await press(page, walk.connect).waitFor()
    await context.clearCookies() // Lantern asks again who it is
    await page.goto(stage.origin())
    await connect(page, walk, 'Ada Lovelace')
    await page.getByText('None yet').waitFor()
  })
})
