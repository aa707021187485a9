import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { setStage } from './stage.ts'
import { allow, signIn, type VisitorOptions } from './visitor.ts'

const stage = setStage()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const looks: Readonly<Record<string, VisitorOptions>> = {
  light: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
}

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

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

async function seriousProblems(page: Page, where: string): Promise<string[]> {
  await page.evaluate(axe)
  // A page without a background lies on the browser's own, which axe takes for white even where it is dark.
  await page.evaluate(() => {
    const { style } = document.documentElement
    if (getComputedStyle(document.body).backgroundImage === 'none') style.background ||= 'Canvas'
  })
  const violations = await page.evaluate<Violation[]>('axe.run().then((run) => run.violations)')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${where}: ${id} in ${nodes.map(({ html }) => html).join(' ')}`)
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
}
