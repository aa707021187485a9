import { cookieJar } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { clickThrough } from './support/click-through.ts'
import { build, origin, recipes, startServer } from './support/running.ts'
import { needMore, walkServer } from './support/walk-recipe.ts'

const folder = `${recipes}react-router`

const start = async (env: Record<string, string>) => {
  await build(['react-router', 'build'], { env, folder })
  return startServer(['react-router-serve', 'dist/server/index.js'], { env, folder })
}

const headers = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }

walkServer('React Router', start, (app, fake) => {
  test('a token refreshed before more is needed reaches the client that fetches data [G8]', async () => {
    const answer = await needMore(app, fake(), new Request(`${origin}/_.data`, { headers }))
    await expectRedirect(answer, '/login/github?returnTo=%2F&scopes=repo')
  })

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
  // a list of values, in which an object says where its keys and values are
  const list: unknown[] = JSON.parse((await answer.text()).split('\n', 1)[0] ?? '')
  const places = list.map((value) => Object(value)).find((value) => '_2' in value || '_1' in value)
  const member = (name: string) => list[places[`_${list.indexOf(name)}`]]
  expect([answer.status, member('redirect'), member('reload')]).toEqual([202, location, true])
}
