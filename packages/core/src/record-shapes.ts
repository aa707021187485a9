import * as v from 'valibot'
import type { Stamp } from './protocol/protocol.ts'
import type { Token } from './provider.ts'
import type { Reason } from './types.ts'

/** A connection as it is sealed. Times are seconds since epoch. */
export interface ConnectionRecord {
  readonly token: Token
  readonly obtainedAt: number
  readonly connectedAt: number
  readonly account: string
  readonly stamp: Stamp
  /** Random, new with every finished dance, kept by refreshes. */
  readonly grant: string
  /** Scopes the last dance asked for and did not get. */
  readonly refused: readonly string[]
  /** Refreshes that failed one after the other for a passing reason. */
  readonly failures?: number
  /** No refresh is tried before. */
  readonly retryAt?: number
  /** The refresh token was sent and nothing was answered. */
  readonly uncertain?: boolean
  /** The connection is over, and why. */
  readonly ended?: Reason
}

/** A login under way, as its cookie keeps it. */
export interface Flow {
  readonly provider: string
  readonly state: string
  readonly returnTo: string | null
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** The owner at start: `user:ID`, `app:ID`, '' for nobody, `browser:` for the browser itself. */
  readonly owner: string
  /** The account the login is meant for, where the app named one. */
  readonly account?: string
  readonly secrets: Readonly<Record<string, string>>
}

const time = /* @__PURE__ */ v.number()
const texts = /* @__PURE__ */ v.array(v.string())

const tokenShape = /* @__PURE__ */ v.looseObject({
  accessToken: v.string(),
  tokenType: v.string(),
  refreshToken: v.optional(v.string()),
  expiresAt: v.optional(time),
  scopes: texts,
  idTokenClaims: v.optional(v.looseObject({})),
  raw: v.looseObject({}),
})

const recordShape = /* @__PURE__ */ v.looseObject({
  token: tokenShape,
  obtainedAt: time,
  connectedAt: time,
  account: v.string(),
  stamp: v.object({ issuer: v.string(), clientId: v.string(), tokenOrigin: v.string() }),
  grant: v.string(),
  refused: texts,
})

const flowShape = /* @__PURE__ */ v.looseObject({
  provider: v.string(),
  state: v.string(),
  returnTo: v.nullable(v.string()),
  redirectUri: v.string(),
  scopes: texts,
  owner: v.string(),
  secrets: v.looseObject({}),
})

/** Whether opened data is a connection; an earlier version's may not be. */
export function isConnectionRecord(data: unknown): data is ConnectionRecord {
  return v.is(recordShape, data)
}

/** Whether opened data is a flow. */
export function isFlow(data: unknown): data is Flow {
  return v.is(flowShape, data)
}

/** Whether opened data names something by a text: an owner, a browser's connection, parameters of an answer. */
export function isNamed(data: unknown): data is { id: string } {
  return v.is(v.looseObject({ id: v.string() }), data)
}
