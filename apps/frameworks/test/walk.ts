import { cookieJar, walkDance } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { places } from '../app/places.ts'
import type { Stage } from '../support/stage.ts'

/** Tests that a whole dance is walked wherever it is mounted. */
export function testWalks(stage: () => Stage): void {
  test.each(Object.entries(places))(
    'mounted at %s, login, callback, redirect_uri and cookies agree A-12 [G7]',
    async (_, { login, home }) => {
      const { running, fake } = stage()
      const { origin, pathname, host } = new URL(home)
      const jar = cookieJar()
      const leaving = await jar.send(running.app, home)
      const returnTo = encodeURIComponent(pathname)
      expect(leaving.headers.get('location')).toBe(`${login}?returnTo=${returnTo}`)

      const answer = await walkDance(running.app, fake, home, jar)
      expect([answer.status, await answer.text()]).toEqual([200, 'page: octocat'])
      const form = await fake.tokenRequests.at(-1)?.clone().formData()
      expect(form?.get('redirect_uri')).toBe(`${origin}${login}/callback`)
      expect(jar.cookies().map((one) => [one.name, one.path, one.domain, one.hostOnly])).toEqual([
        ['__Host-dance.fake', '/', host, true],
      ])

      const goodbye = await jar.send(running.app, `${origin}${login}/logout`, { method: 'POST' })
      expect([goodbye.status, goodbye.headers.get('location')]).toEqual([303, '/'])
      expect(jar.cookies()).toEqual([])
      const after = await jar.send(running.app, home)
      expect(after.headers.get('location')).toBe(`${login}?returnTo=${returnTo}`)
    },
  )
}
