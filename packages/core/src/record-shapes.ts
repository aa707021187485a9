import * as v from 'valibot'
import type { Reason } from './connection-types.ts'
import type { Token } from './facts.ts'
import type { Stamp } from './protocol/protocol.ts'
import type { ConnectionKey } from './storage.ts'

/** A connection as it is sealed. Times are seconds since epoch. */
export interface ConnectionRecord {
  readonly token: Token
  readonly obtainedAt: number
  readonly connectedAt: number
  readonly account: string
  readonly stamp: Stamp
  /** Random, new with every finished dance, kept by refreshes. */
  readonly grant: string
  /** When an unused refresh token would die, where that is known. */
  readonly dueAt?: number
  /** Scopes the last dance asked for and did not get. */
  readonly refused: readonly string[]
  /** Refreshes that failed one after the other for a passing reason. */
  readonly failures?: number
  /** No refresh is tried before. */
  readonly retryAt?: number
  /** Who is about to send the refresh token, since when and until when. Lapsed, it was perhaps sent, and nothing heard. */
  readonly claim?: Claim
  /** The refresh token was sent and nothing was answered. */
  readonly uncertain?: boolean
  /** The connection is over, and why. */
  readonly ended?: Reason
}

/** A refresh that was announced before its token is sent. Times are seconds since epoch. */
export interface Claim {
  readonly id: string
  readonly since: number
  readonly until: number
}

/** Whose tokens it is about: this browser, a user of the app, or the app itself; '' where nobody is signed in. */
export type Owner = '' | 'browser:' | `user:${string}` | `app:${string}`

/** A login under way, as its cookie keeps it. */
export interface Flow {
  readonly provider: string
  readonly state: string
  readonly returnTo: string | null
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** The owner at start. */
  readonly owner: Owner
  /** The account the login is meant for, where the app named one. */
  readonly account?: string | undefined
  /** Which dance had made the connection that a link to connect was made for; '' for none. */
  readonly grant?: string | undefined
  /** What the login is to replace: a posted answer brings no cookie that would tell. */
  readonly replaces: ConnectionKey | null
  readonly secrets: Readonly<Record<string, string>>
}

/** A link to connect: whom it is for, and which connection it may renew. */
export interface ConnectLink {
  readonly provider: string
  readonly owner: Owner
  readonly account?: string | undefined
  /** Which dance had made that connection; '' where there was none. */
  readonly grant: string
  readonly returnTo?: string | undefined
}

/** Whether opened data is a connection; an earlier version's may not be. */
export function isConnectionRecord(data: unknown): data is ConnectionRecord {
  const number = v.custom((value) => typeof value === 'number')
  const text = v.custom(isText)
  const texts = v.custom(areTexts)
  const token = v.looseObject({
    accessToken: text,
    refreshToken: v.optional(text),
    expiresAt: v.optional(number),
    scopes: texts,
    raw: v.looseObject({}),
  })
  const members = {
    token,
    obtainedAt: number,
    connectedAt: number,
    account: text,
    stamp: v.looseObject({ issuer: text, clientId: text, tokenOrigin: text }),
    grant: text,
    refused: texts,
  }
  return fits(members, data)
}

/** Whether opened data is a flow. */
export function isFlow(data: unknown): data is Flow {
  const text = v.custom(isText)
  const names = { provider: text, state: text, redirectUri: text, owner: text }
  return fits({ ...names, scopes: v.custom(areTexts), secrets: v.looseObject({}) }, data)
}

/** Whether opened data is a link to connect. */
export function isConnectLink(data: unknown): data is ConnectLink {
  const text = v.custom(isText)
  return fits({ provider: text, owner: text, grant: text }, data)
}

/** Whether opened data names something by a text: an owner, a browser's connection, parameters of an answer. */
export function isNamed(data: unknown): data is { id: string } {
  return fits({ id: v.custom(isText) }, data)
}

function fits(members: Record<string, v.GenericSchema>, data: unknown): boolean {
  return v.safeParse(v.looseObject(members), data).success
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}
