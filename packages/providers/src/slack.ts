/**
 * Sign in with Slack, by OpenID Connect.
 *
 * @see https://docs.slack.dev/authentication/sign-in-with-slack
 * @see https://docs.slack.dev/reference/methods/openid.connect.token
 * Facts of 2026-11. Maintainer: the fetch-dance contributors.
 */
import { oidcProvider, type PresetOptions, type Provider } from 'fetch-dance'

/** A Slack user as `openid.connect.userInfo` answers; what is used of it. */
export interface SlackIdentity {
  readonly sub: string
  readonly 'https://slack.com/user_id': string
  readonly 'https://slack.com/team_id': string
  readonly 'https://slack.com/team_name'?: string
  readonly 'https://slack.com/team_domain'?: string
}

/**
 * Sign in with Slack: who somebody is, and in which workspace; for all else of Slack's API there is `slackUser`.
 * By default it asks for `openid email profile`, and Slack knows no other scopes here.
 *
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { slack } from '@fetch-dance/providers/slack'
 *
 * export const dance = createDance({ providers: { slack: slack() } })
 * ```
 */
export function slack(options: PresetOptions = {}): Provider<SlackIdentity> {
  return oidcProvider<SlackIdentity>({
    scopes: ['openid', 'email', 'profile'],
    ...options,
    id: 'slack',
    issuer: 'https://slack.com',
    clientAuth: 'post',
    rotation: 'strict',
    apiBase: 'https://slack.com/api',
    quirks: {
      // its errors come with status 200 and names of Slack's own
      grantRefused: ['invalid_code', 'invalid_refresh_token', 'token_expired', 'token_revoked'],
    },
  })
}
