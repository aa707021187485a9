/** What every preset lets an app say. */
export interface PresetOptions {
  /** From `<NAME>_OAUTH_CLIENT_ID` when left out. */
  readonly clientId?: string
  /** From `<NAME>_OAUTH_CLIENT_SECRET` when left out. */
  readonly clientSecret?: string
  /** Asked for at every login, instead of the preset's own. */
  readonly scopes?: readonly string[]
  /** May be asked for later. */
  readonly optionalScopes?: readonly string[]
}
