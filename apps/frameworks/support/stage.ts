import type { FakeProvider } from '@fetch-dance/testing'
import { listeningFake } from '../../../packages/testing/test/support/over-http.ts'
import { type AppEnv, createAppDance } from '../app/dance.ts'
import { placeNamed } from '../app/places.ts'
import type { Running, Start } from '../hosts/host.ts'
import { themes } from '../requests/index.ts'
import { recordedAnswer } from './recorded-answer.ts'
import { fillIn, type Sources } from './visitors.ts'

/** The providers, and the app of one framework. */
export interface Stage {
  readonly running: Running
  readonly fake: FakeProvider
  /** How often a code or a refresh token came to a provider. */
  tokenRequests(): number
  /** What a request of a theme is answered with, as it is recorded. */
  answerTo(theme: string, name: string): Promise<string[]>
  stop(): Promise<void>
}

/** Starts the providers on loopback, and the app of a framework. */
export async function openStage(start: Start): Promise<Stage> {
  const fake = await listeningFake()
  const posting = await listeningFake({ oidc: true })
  const issuers = { fake: fake.served.issuer, posting: posting.served.issuer }
  const env: AppEnv = {
    DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
    FAKE_ISSUER: issuers.fake,
    POSTING_ISSUER: issuers.posting,
  }
  const sources: Sources = {
    dance: createAppDance(env, placeNamed('usual')),
    fake: fake.served,
    posting: posting.served,
  }
  const close = () => Promise.all([fake.close(), posting.close()])
  try {
    const running = await start(env)
    return {
      running,
      fake: fake.served,
      tokenRequests: () => fake.served.tokenRequests.length + posting.served.tokenRequests.length,
      async answerTo(theme, name) {
        const request = themes[theme]?.[name]
        if (!request) throw new Error(`No request is named "${name}" in "${theme}"`)
        const answer = await running.send(await fillIn(sources, request))
        return recordedAnswer(answer, issuers)
      },
      async stop() {
        await running.stop().finally(close)
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
