import { walkDance } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { kit } from './support/kit.ts'

test('wrap() walks a visitor through the whole dance and calls the API for them A-03', async () => {
  const { app, fake, jar, events, errors } = kit()
  const answer = await walkDance(app, fake, 'https://app.test/', jar)
  expect(errors).toEqual([])
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ login: 'octocat' })
  expect(events).toEqual(['beforeLogin', 'authorized', 'stored'])
  const again = await jar.send(app, 'https://app.test/')
  expect(again.status).toBe(200)
  expect(fake.tokenRequests.length).toBe(1)
})
