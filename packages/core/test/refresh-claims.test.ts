import { fakeProvider, memoryStorage, signedInJar } from '@fetch-dance/testing'
import { type RequestStorage, sealedCookieStorage, type TokenStorage } from 'fetch-dance'
import { expect, test } from 'vitest'
import { staleJar, staleToken } from './support/dancing.ts'
import { memoryCoordinator } from './support/isolates.ts'
import { type Kit, kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`

/** The same app in two isolates, and a visitor whose token is due, at a provider that takes no token twice. */
async function twoIsolates(storage: TokenStorage | RequestStorage) {
  const fake = fakeProvider({ rotation: 'strict' })
  const [one, other] = [kit({ storage }, fake), kit({ storage }, fake)]
  const jar = await staleJar(one.dance, fake)
  const open = ({ dance }: Kit) => {
    const request = new Request(page, { headers: { cookie: jar.header(page) } })
    return dance.visit(request).connection('fake')
  }
  return { fake, one, other, open }
}

test('a login to which the provider gives the refresh token from before a disconnect is none of the past [G8]', async () => {
  const fake = fakeProvider()
  const { dance, app } = kit(
    { storage: sealedCookieStorage({ coordinator: memoryCoordinator() }) },
    fake,
  )
  const token = staleToken(fake)
  const first = await signedInJar(dance, 'fake', token)
  const request = new Request(page, { headers: { cookie: first.header(page) } })
  await (await dance.visit(request).connection('fake')).disconnect({ revoke: false })
  await new Promise((resolve) => setTimeout(resolve, 2))
  const second = await signedInJar(dance, 'fake', token)
  expect((await second.send(app, page)).status).toBe(200)
})

test('a claim lives as long as it must, however soon successors are forgotten [G9]', async () => {
  const coordinator = memoryCoordinator()
  const storage = sealedCookieStorage({ coordinator, successorTtl: 1 })
  const { fake, one, other, open } = await twoIsolates(storage)
  fake.fault({ endpoint: 'token', delay: 300 })
  const sent = (await open(one)).token()
  while (fake.tokenRequests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  const back = travel(20)
  try {
    expect(await (await open(other)).token()).toEqual(await sent)
  } finally {
    back()
  }
  expect(fake.tokenRequests.length).toBe(1)
})

test('a claim that was written, and found only after a while, is written anew [G9]', async () => {
  const inner = memoryStorage()
  let back = () => {}
  let claims = 0
  let armed = false
  const storage: TokenStorage = {
    ...inner,
    async put(...args) {
      const outcome = await inner.put(...args)
      if (!armed) return outcome
      claims += 1
      if (claims > 1) return outcome
      back = travel(30)
      throw new Error('the answer was lost')
    },
  }
  const { fake, open, one } = await twoIsolates(storage)
  armed = true
  try {
    await (await open(one)).token()
  } finally {
    back()
  }
  expect(fake.tokenRequests.length).toBe(1)
  expect(claims).toBe(3) // the lost one, its renewal, and what came
})
