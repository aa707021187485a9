import type { App } from '@fetch-dance/testing'
import type { AppEnv } from '../app/dance.ts'
import type { WireAnswer, WireRequest } from '../support/wire.ts'

/** The app in one framework, running. */
export interface Running {
  /** Sends a request as it is written, and reads the answer. */
  send(request: WireRequest): Promise<WireAnswer>
  /** The app for a walk: what it answers to a Request. */
  readonly app: App
  stop(): Promise<void>
}

/** Starts the app in a framework. */
export type Start = (env: AppEnv) => Promise<Running>
