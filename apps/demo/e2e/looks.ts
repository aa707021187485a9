import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import type { VisitorOptions } from './visitor.ts'

/** What a page may look like. */
export const looks: Readonly<Record<string, VisitorOptions>> = {
  light: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
}

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe calls serious or critical on the page as it is now. */
export async function seriousProblems(page: Page, where: string): Promise<string[]> {
  await page.waitForLoadState() // its style too
  await page.evaluate(readFileSync(axe, 'utf8'))
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

/** By how much the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  await page.waitForLoadState()
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
}
