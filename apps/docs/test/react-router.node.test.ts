import { cookieJar } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { clickThrough } from './support/click-through.ts'
import { build, origin, recipes, startServer } from './support/running.ts'
import { walkServer } from './support/walk-recipe.ts'

const folder = `${recipes}react-router`

const start = async (env: Record<string, string>) => {
  await build(['react-router', 'build'], { env, folder })
  return startServer(['react-router-serve', 'dist/server/index.js'], { env, folder })
}

const headers = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }

walkServer('React Router', start, (app) => {
  test('the client that fetches the data of a page is led to the login, and back to the page', async () => {
    const url = `${origin}/_.data?page=2`
    await expectRedirect(
      await cookieJar().send(app, new Request(url, { headers })),
      '/login/github?returnTo=%2F%3Fpage%3D2',
    )
  })

  test('the client that sends a form is led to the login, and back to the page of the form', async () => {
    const request = new Request(`${origin}/_.data?index`, {
      method: 'POST',
      headers: { ...headers, origin, referer: `${origin}/form` },
      body: new URLSearchParams(),
    })
    await expectRedirect(await cookieJar().send(app, request), '/login/github?returnTo=%2Fform')
  })
})

clickThrough('React Router', start, ({ pathname }) => pathname.endsWith('.data'))

/** A redirect in the form that the client understands: it leaves the app for it. */
async function expectRedirect(answer: Response, location: string): Promise<void> {
  const text = await answer.text()
  expect(answer.status).toBe(202)
  expect(text).toContain(`"${location}"`)
  expect(text).toContain('"reload",true')
}
