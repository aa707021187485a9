import { cookieJar } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { clickThrough } from './support/click-through.ts'
import { build, origin, recipes, startServer } from './support/running.ts'
import { needMore, walkServer } from './support/walk-recipe.ts'

const folder = `${recipes}sveltekit`

const start = async (given: Record<string, string>) => {
  const env = { ...given, FORM_POST_ORIGIN: given.FAKE_ISSUER ?? '' }
  await build(['vite', 'build'], { env, folder })
  return startServer([process.execPath, 'dist'], { env, folder })
}

const headers = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
}

walkServer('SvelteKit', start, (app, fake) => {
  test('a token refreshed before more is needed reaches the client that fetches data [G8]', async () => {
    const url = `${origin}/__data.json?x-sveltekit-invalidated=01`
    const answer = await needMore(app, fake(), new Request(url, { headers }))
    const location = '/login/github?returnTo=%2F&scopes=repo'
    expect(await answer.json()).toMatchObject({ type: 'redirect', location })
  })

  test('the client that fetches the data of a page is led to the login, and back to the page', async () => {
    const url = `${origin}/__data.json?page=2&x-sveltekit-invalidated=01`
    const answer = await cookieJar().send(app, new Request(url, { headers }))
    const location = '/login/github?returnTo=%2F%3Fpage%3D2'
    expect(await answer.json()).toMatchObject({ type: 'redirect', location })
  })

  test('the client that sends a form is led to the login, and back to the page of the form', async () => {
    const request = new Request(`${origin}/`, {
      method: 'POST',
      headers: { ...headers, origin, referer: `${origin}/form`, 'x-sveltekit-action': 'true' },
      body: new URLSearchParams(),
    })
    const answer = await cookieJar().send(app, request)
    const location = '/login/github?returnTo=%2Fform'
    expect(await answer.json()).toMatchObject({ type: 'redirect', location })
  })
})

test('SvelteKit builds where no origin is set, as in development', async () => {
  await build(['vite', 'build'], { env: {}, folder })
})

clickThrough('SvelteKit', start, ({ pathname }) => pathname.endsWith('/__data.json'))
