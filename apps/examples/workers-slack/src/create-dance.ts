import { lanternProvider } from '@fetch-dance/examples-stage/lantern-provider'
import { slackUser } from '@fetch-dance/providers/slack-user'
import { durableObject } from '@fetch-dance/storages/durable-object'
import { createDance, type Dance } from 'fetch-dance'
import type { Providers } from './ask-slack.ts'
import { forgetDigest } from './digests.ts'
import type { Env } from './env.ts'

/** The dance of one isolate: connecting Slack is signing in, and connections are kept in Durable Objects. */
export function createSlackDance(env: Env): Dance<Providers> {
  const slack = slackUser({
    scopes: ['users:read', 'channels:read'],
    optionalScopes: ['channels:history'],
  })
  const dance = createDance({
    providers: { slack: env.LANTERN_ISSUER ? lanternProvider(env.LANTERN_ISSUER, slack) : slack },
    env,
    storage: durableObject(env.DANCE),
    redirects: { error: '/' },
  })
  // Who has connected is the user of this app: the cron trigger finds everybody by this name.
  dance.events.on('authorized', async (event) => ({ owner: (await event.profile()).id }))
  dance.events.on('disconnected', ({ owner, waitUntil }) => {
    if (owner !== null) waitUntil(forgetDigest(env, owner))
  })
  return dance
}
