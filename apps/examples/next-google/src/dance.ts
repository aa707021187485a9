import { env } from 'node:process'
import { lanternProvider } from '@fetch-dance/examples-stage/lantern-provider'
import { google } from '@fetch-dance/providers/google'
import { createDance } from 'fetch-dance'

/** Asked for when it is needed: who only looks at the calendar does not give it. */
export const writeScope = 'https://www.googleapis.com/auth/calendar.events'

const calendar = google({
  offline: true,
  scopes: ['openid', 'email', 'profile', 'https://www.googleapis.com/auth/calendar.readonly'],
  optionalScopes: [writeScope],
})

const { LANTERN_ISSUER } = env

/** Connections are kept in cookies: there is no database. */
export const dance = createDance({
  providers: { google: LANTERN_ISSUER ? lanternProvider(LANTERN_ISSUER, calendar) : calendar },
  env,
  redirects: { error: '/' },
})
