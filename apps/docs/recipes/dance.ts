import { fakeProvider } from '@fetch-dance/testing'
import { createDance } from 'fetch-dance'

// Stands where `github()` stands on the page: the provider itself listens in the test's process, here is only what an
// app knows of it. `post` is the same one, answering by a form that its page sends (`response_mode=form_post`).
const { FAKE_ISSUER: issuer = 'http://127.0.0.1:9' } = process.env
const fake = fakeProvider({ issuer, rotation: 'strict' })

export const dance = createDance({
  providers: {
    github: fake.provider({ optionalScopes: ['repo'] }),
    post: fake.provider({ responseMode: 'form_post' }),
  },
  env: process.env,
})

/** A visit of this dance. */
export type DanceVisit = ReturnType<typeof dance.visit>
