import type { Page } from 'playwright-core'
import type { ExampleStage } from './example-stage.ts'

/** The operator's. */
export const passphrase = 'open sesame'

/** Goes to the operator's page and sends a passphrase. */
export async function enter(
  page: Page,
  stage: ExampleStage,
  typed: string = passphrase,
): Promise<void> {
  await page.goto(`${stage.origin()}/operator`)
  await page.getByLabel('Passphrase').fill(typed)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Posts without a browser, straight to the app. */
export async function sendPost(
  stage: ExampleStage,
  text: string,
  site = 'same-origin',
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${stage.app().url}/posts`, {
    method: 'POST',
    headers: { 'sec-fetch-site': site },
    body: new URLSearchParams({ text }),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Sends a passphrase whose request has begun long before it is there. */
export async function trySlowly(stage: ExampleStage, typed: string): Promise<number> {
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('passphrase='))
      await new Promise((resolve) => setTimeout(resolve, 1000))
      controller.enqueue(new TextEncoder().encode(encodeURIComponent(typed)))
      controller.close()
    },
  })
  const init = {
    method: 'POST',
    headers: {
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
    duplex: 'half',
  }
  const { status } = await fetch(`${stage.app().url}/operator/sign-in`, init)
  return status
}
