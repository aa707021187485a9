/** The app that may ask Lantern for access. */
export interface LanternClient {
  readonly id: string
  readonly secret: string
  readonly name: string
  readonly home: string
  readonly redirectURIs: readonly string[]
  /** What each scope allows, in words for the person who is asked. */
  readonly scopes: Readonly<Record<string, string>>
}
