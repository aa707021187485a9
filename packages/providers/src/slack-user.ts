/**
 * Slack's API on behalf of a person: an app's user scopes, without a bot.
 *
 * @see https://docs.slack.dev/authentication/installing-with-oauth
 * @see https://docs.slack.dev/reference/methods/oauth.v2.user.access
 * @see https://docs.slack.dev/authentication/using-token-rotation
 * Facts of 2026-11. Maintainer: the fetch-dance contributors.
 */
import { oauth2Provider, type PresetOptions, type Provider } from 'fetch-dance'

/** A person in a workspace as `auth.test` answers; what is used of it. */
export interface SlackUser {
  readonly user_id: string
  readonly user: string
  readonly team_id: string
  readonly team: string
  /** Address of the workspace. */
  readonly url: string
}

/**
 * Slack's API on behalf of a person. Tokens do not end, unless the app has token rotation: then they live for twelve
 * hours and are refreshed. By default it asks for `users:read`.
 *
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { slackUser } from '@fetch-dance/providers/slack-user'
 *
 * const slack = slackUser({ scopes: ['channels:read'], optionalScopes: ['channels:history'] })
 * export const dance = createDance({ providers: { slack } })
 * ```
 */
export function slackUser(options: PresetOptions = {}): Provider<SlackUser> {
  return oauth2Provider<SlackUser>({
    scopes: ['users:read'],
    ...options,
    id: 'slack-user',
    authorizationEndpoint: 'https://slack.com/oauth/v2_user/authorize',
    tokenEndpoint: 'https://slack.com/api/oauth.v2.user.access',
    scopeSeparator: ',',
    clientAuth: 'post',
    rotation: 'strict',
    apiBase: 'https://slack.com/api',
    profile: { url: 'https://slack.com/api/auth.test', map: profileOf },
    quirks: {
      bearer: 'user', // as documented; some apps are answered Bearer
      // its errors come with status 200 and names of Slack's own
      grantRefused: ['invalid_code', 'invalid_refresh_token', 'token_expired', 'token_revoked'],
    },
  })
}

// A user's id is theirs within a workspace; an answer with an error has neither
function profileOf({ team_id, user_id, user }: SlackUser) {
  return { ...(team_id && user_id && { id: `${team_id}.${user_id}` }), name: user }
}
