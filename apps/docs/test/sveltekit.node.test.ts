import { cookieJar } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { build, origin, recipes, startServer } from './support/running.ts'
import { walkRecipe } from './support/walk-recipe.ts'

const folder = `${recipes}sveltekit`

const start = async (given: Record<string, string>) => {
  const env = { ...given, FORM_POST_ORIGIN: given.FAKE_ISSUER ?? '' }
  await build(['vite', 'build'], { env, folder })
  return startServer([process.execPath, 'dist'], { env, folder })
}

walkRecipe('SvelteKit', start, (app) => {
  test('the client that fetches the data of a page is led to the login, and back to the page', async () => {
    const headers = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }
    const url = `${origin}/__data.json?page=2&x-sveltekit-invalidated=01`
    const answer = await cookieJar().send(app, new Request(url, { headers }))
    expect(await answer.json()).toMatchObject({
      type: 'redirect',
      location: '/login/github?returnTo=%2F%3Fpage%3D2',
    })
  })
})
