import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { staleJar } from './support/dancing.ts'
import { kit } from './support/kit.ts'

test('a token that came after a disconnect reaches nobody, however slowly it is given back [G8] [G12]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance } = kit({ storage: memoryStorage(), owner: () => 'ada' }, fake)
  await staleJar(dance, fake)
  const connection = () => dance.connection({ provider: 'fake', owner: 'ada' })
  const leaving = await connection()
  fake.fault({ endpoint: 'token', delay: 60 })
  fake.fault({ endpoint: 'revoke', skip: 1, delay: 1300 })
  const refreshing = (await connection()).token().catch(({ code }: { code: string }) => code)
  while (fake.tokenRequests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  await leaving.disconnect()
  expect(await refreshing).toBe('login_required')
  expect(fake.requests.revoke.length).toBe(2)
})
