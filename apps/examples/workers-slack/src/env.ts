/** What the Worker is bound to: `wrangler.jsonc` and its secrets. */
export interface Env {
  /** Seals what is kept: `openssl rand -hex 32`. */
  readonly DANCE_SECRET: string
  /** Where the deployed app is: `https://digest.example`. */
  readonly DANCE_ORIGIN?: string
  /** Where Lantern is, while it stands in for Slack. */
  readonly LANTERN_ISSUER?: string
  /** The connections: one object for each person. */
  readonly DANCE: DurableObjectNamespace
  /** The last digest of each person. */
  readonly DIGESTS: KVNamespace
}
