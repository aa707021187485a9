import { cookieJar, walkDance } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { build, origin, recipes, startServer } from './support/running.ts'
import { walkServer } from './support/walk-recipe.ts'

const folder = `${recipes}astro`

const start = async (given: Record<string, string>) => {
  const env = { ...given, ASTRO_TELEMETRY_DISABLED: '1' }
  await build(['astro', 'build'], { env, folder })
  return startServer([process.execPath, 'dist/server/entry.mjs'], { env, folder })
}

walkServer('Astro', start, (app, fake) => {
  test('a prerendered page is the same for everybody, whoever is connected', async () => {
    const jar = cookieJar()
    const before = await jar.send(app, `${origin}/about`)
    await walkDance(app, fake(), `${origin}/`, jar)
    const after = await jar.send(app, `${origin}/about`)
    expect([before.status, after.status]).toEqual([200, 200])
    expect(await after.text()).toBe(await before.text())
    expect(after.headers.getSetCookie()).toEqual([])
  })
})
