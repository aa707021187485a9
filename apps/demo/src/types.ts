import type { github } from '@fetch-dance/providers/github'
import type { Dance, Provider } from 'fetch-dance'

/** The providers of the demo's dance, by name. */
export type DemoProviders = {
  readonly lantern: Provider<Record<string, unknown>>
  readonly github: ReturnType<typeof github>
}

export type DemoDance = Dance<DemoProviders>

/** Variables that the app reads; the dance reads its own from the same object. */
export type DemoEnv = Readonly<Record<string, string | undefined>> & {
  readonly LANTERN_ISSUER: string
}

/** One event of the dance, told to the visitor it belongs to. */
export interface Entry {
  readonly id: number
  readonly at: Date
  readonly name: string
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad'
}
