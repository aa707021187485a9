/** What every contestant reads: the app's secret and origin, and the provider with the app's credentials there. */
export interface RaceEnv {
  readonly DANCE_SECRET: string
  readonly DANCE_ORIGIN: string
  readonly STRICT_ISSUER: string
  readonly STRICT_OAUTH_CLIENT_ID: string
  readonly STRICT_OAUTH_CLIENT_SECRET: string
}

/**
 * One instance of an app. `GET /connect` leads to the provider and back; `GET /me` calls the provider's API for the
 * visitor and answers 200 if the API did.
 */
export type Isolate = (request: Request) => Promise<Response>

/** Isolates that share one back end. */
export interface Contestant {
  readonly isolates: readonly Isolate[]
  close?(): Promise<void>
}

/** A line of the table. */
export interface Row {
  readonly name: string
  /** Whether every request must be answered, with one token call, and the connection stay alive. */
  readonly promised: boolean
  /** Why it cannot run on this machine; null if it can. */
  missing?(): string | null
  /** Starts the back end and as many isolates as asked for, each with a client of its own. */
  open(env: RaceEnv, isolates: number): Promise<Contestant>
}

/** What came of a row. */
export interface Outcome {
  readonly answered: number
  /** Refresh requests that reached the provider while the requests were under way. */
  readonly tokenCalls: number
  /** Whether the connection could be refreshed once more, with what was stored. */
  readonly alive: boolean
}
