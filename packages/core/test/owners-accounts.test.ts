import { fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import type { Dance } from 'fetch-dance'
import { expect, test } from 'vitest'
import { comeBack, consentAt } from './support/dancing.ts'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`

/** A user who has connected the accounts 1 and 2 of one provider, in that order. */
async function twoAccounts() {
  const storage = memoryStorage()
  const all = kit({ storage, owner: () => 'alice' }, fakeProvider({ rotation: 'strict' }))
  for (const id of ['1', '2']) {
    all.fake.set({ person: { id } })
    await walkDance(all.dance.handle, all.fake, `${origin}/login/fake`, all.jar)
  }
  const accounts = async () => {
    const { keys } = await storage.list({ owner: 'user:alice' })
    return keys.map(({ account }) => account)
  }
  return { ...all, storage, accounts }
}

/** Starts a login that is meant for one account, as the app itself does. */
function loginFor(dance: Dance, account: string) {
  return dance.wrap(async (_request, visit) =>
    (await visit.connection('fake', { account })).login(),
  )
}

test('without an account the one connected last is meant A-06', async () => {
  const { dance, fake, jar } = await twoAccounts()
  const connection = () => dance.connection({ provider: 'fake', owner: 'alice' })
  expect((await connection()).account).toBe('2')
  const returned = travel(5)
  fake.set({ person: { id: '1' } })
  await walkDance(dance.handle, fake, `${origin}/login/fake`, jar)
  returned()
  expect((await connection()).account).toBe('1')
})

test('the logout route disconnects the account of its form, and leaves the other A-06 A-08 [G12]', async () => {
  const { dance, fake, jar, accounts } = await twoAccounts()
  const body = new URLSearchParams({ account: '1' }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await jar.send(dance.handle, `${origin}/login/fake/logout`, {
    method: 'POST',
    body,
    headers,
  })
  expect(answer.status).toBe(303)
  expect(await accounts()).toEqual(['2'])
  expect(fake.grants).toBe(1)
})

test('each account is refreshed with its own token A-06 [G9]', async () => {
  const { dance, fake } = await twoAccounts()
  const returned = travel(7200)
  try {
    const ids = ['1', '2', '1'].map(async (account) => {
      const connection = await dance.connection({ provider: 'fake', owner: 'alice', account })
      return (await connection.profile()).id
    })
    expect(await Promise.all(ids)).toEqual(['1', '2', '1'])
  } finally {
    returned()
  }
  expect(fake.tokenRequests.length).toBe(4) // two dances, two refreshes
})

test('a login meant for one account refuses another: account_mismatch, nothing changes A-06', async () => {
  const { dance, fake, jar, errors, storage } = await twoAccounts()
  const before = await storage.get({ provider: 'fake', owner: 'user:alice', account: '1' })
  const begun = await jar.send(loginFor(dance, '1'), page)
  fake.set({ person: { id: '3' } })
  const callback = await consentAt(fake, new URL(begun.headers.get('location') ?? ''))
  const answer = await comeBack(dance.handle, jar, callback)
  expect(answer.status).toBe(403)
  await expectEnvelope(answer, canariesOf({ fake, jar }))
  expect(errors.at(-1)?.code).toBe('account_mismatch')
  expect(await storage.get({ provider: 'fake', owner: 'user:alice', account: '1' })).toEqual(before)
  expect(await storage.get({ provider: 'fake', owner: 'user:alice', account: '3' })).toBeNull()
})

test('a login meant for one account takes that account A-06', async () => {
  const { dance, fake, jar, accounts } = await twoAccounts()
  const begun = await jar.send(loginFor(dance, '1'), page)
  fake.set({ person: { id: '1' } })
  const callback = await consentAt(fake, new URL(begun.headers.get('location') ?? ''))
  expect((await comeBack(dance.handle, jar, callback)).status).toBe(303)
  expect(await accounts()).toEqual(['1', '2'])
})

test('an account of that provider nobody connected is "none", whatever else is connected A-06', async () => {
  const { dance, fake, jar } = await twoAccounts()
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake', { account: '9' })
    return Response.json([connection.status, connection.account, await connection.disconnect()])
  })
  expect(await (await jar.send(app, page)).json()).toEqual(['none', null, { remote: 'skipped' }])
  expect(fake.grants).toBe(2)
})
