import { describe, expect, test } from 'vitest'
import { looks, overflow, seriousProblems } from './looks.ts'
import { setStage } from './stage.ts'
import { allow, signIn } from './visitor.ts'

const stage = setStage()

describe('axe finds nothing serious', () => {
  for (const [look, options] of Object.entries(looks)) {
    test(`on any page of the dance, ${look}`, async () => {
      const { page } = await stage.visitor({ ...options, reducedMotion: 'reduce' })
      const found = [await seriousProblems(page, 'the page before')]
      await page.getByRole('button', { name: 'Connect Lantern' }).click()
      found.push(await seriousProblems(page, 'sign in'))
      await signIn(page, 'Ada')
      await page.getByRole('button', { name: 'Allow' }).waitFor()
      found.push(await seriousProblems(page, 'consent'))
      await allow(page)
      await page.getByRole('button', { name: 'Ask who I am' }).click()
      await page.getByText('GET /me answered 200').waitFor()
      found.push(await seriousProblems(page, 'the page after'))
      await page.goto(`${stage.demo().url}/?error=access_denied`)
      found.push(await seriousProblems(page, 'the page after a refusal'))
      await page.goto(`${stage.demo().url}/login/lantern/callback?state=none&code=none`)
      found.push(await seriousProblems(page, 'the dance’s own error page'))
      await page.goto(stage.demo().lantern)
      found.push(await seriousProblems(page, 'the account at Lantern'))
      await page.goto(`${stage.demo().lantern}/interaction/over`)
      found.push(await seriousProblems(page, 'a page of Lantern’s that is over'))
      expect(found.flat()).toEqual([])
    })

    test(`and no page is wider than the screen, ${look}`, async () => {
      const { page } = await stage.visitor(options)
      expect(await overflow(page)).toBe(0)
      await page.getByRole('button', { name: 'Connect Lantern' }).click()
      expect(await overflow(page)).toBe(0)
      await signIn(page, 'A'.repeat(60))
      await page.getByRole('button', { name: 'Allow' }).waitFor()
      expect(await overflow(page)).toBe(0)
      await allow(page)
      await page.getByRole('button', { name: 'Ask who I am' }).click()
      await page.getByText('GET /me answered 200').waitFor()
      expect(await overflow(page)).toBe(0)
    })
  }
})
