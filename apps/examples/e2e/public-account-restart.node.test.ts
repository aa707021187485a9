import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { somePort, startAppProcess } from '../../demo/e2e/app-process.ts'
import { allow, signIn } from '../../demo/e2e/visitor.ts'
import { enter, passphrase, sendPost } from './club-requests.ts'
import { mainOf, setExampleStage } from './example-stage.ts'
import { press } from './walk.ts'

const name = 'public-account'
const folder = mkdtempSync(join(tmpdir(), 'club-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The port is the same too: Lantern's address follows from it, and a token is for one provider alone. */
const variables = {
  OPERATOR_PASSPHRASE: passphrase,
  DATABASE_URL: `file:${join(folder, 'club.db')}`,
  DANCE_SECRET: randomBytes(32).toString('hex'),
  DEMO_TOKEN_SECONDS: '600',
  PORT: String(await somePort()),
}
const stage = setExampleStage(name, { variables })

test('with a database and a secret of its own, a restart forgets neither account nor posts', async () => {
  const { page } = await stage.visitor()
  await enter(page, stage)
  await press(page, 'Connect X').click()
  await signIn(page, 'The Club')
  await allow(page)
  await press(page, /^Let visitors post/).click()
  await allow(page)
  await page.getByText('may post').waitFor()
  await sendPost(stage, 'Written before')
  await stage.app().stop()
  const again = await startAppProcess(mainOf(name), variables)
  const text = await (await fetch(again.url)).text()
  await again.stop()
  expect(text).toContain('Written before')
  expect(text).toContain('Your post')
})
