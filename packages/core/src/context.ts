import { invalidOption } from './errors.ts'
import { createEvents, type Events } from './events.ts'
import { createHttp, type Http } from './http.ts'
import type { Config } from './options.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { createRoutes, type Routes } from './routes.ts'
import { createSeals, type Seals } from './seal.ts'
import type { ConnectionKey } from './storage.ts'

/** What a refresh came to: the record from now on, which may have ended, or null where nobody is connected. */
export type FlightAnswer = ConnectionRecord | null

/** A refresh under way: it belongs to no caller. */
export interface Flight {
  /** Settles when it has landed. */
  readonly answer: Promise<FlightAnswer>
  /** Milliseconds since epoch. */
  readonly startedAt: number
  /** What is known of the refresh token, once it is on its way: from then on it is the provider that is waited for. */
  sent?: Spent
  /** What the provider answered, saved or not. */
  fresh?: ConnectionRecord
  /** Where the record stands that a login put in the place of this one meanwhile. */
  heir?: Required<ConnectionKey>
}

/** What is known in this isolate of a refresh token that was sent, whatever storage and cookies still show. */
export interface Spent {
  /** The record in force: what came for it, or itself with what is known by now. */
  record: ConnectionRecord
  /** Milliseconds since epoch. */
  until: number
}

/** What all parts of one dance share. Nothing of it belongs to a single request. */
export interface DanceContext {
  readonly config: Config
  readonly routes: Routes
  readonly seals: Seals
  readonly events: Events
  readonly clients: ReadonlyMap<string, ProviderClient>
  /** Refreshes under way, by a keyed hash of the refresh token they spend. */
  readonly flights: Map<string, Flight>
  /** What became of refresh tokens that were sent, by the same hash. */
  readonly spent: Map<string, Spent>
  /** Flows that were taken, with the end of their life in seconds since epoch. */
  readonly takenFlows: Map<string, number>
  /** Events told once. */
  readonly told: Set<string>
}

/** Lays out what the parts of a dance share. */
export function createContext(config: Config): DanceContext {
  const names = Object.keys(config.providers)
  const http = createHttp(config)
  const clients = names.map((name) => [name, createClient(config, http, name)] as const)
  return {
    config,
    routes: createRoutes(names, config.basePath, config.paths),
    seals: createSeals(config.secrets),
    events: createEvents(config),
    clients: new Map(clients),
    flights: new Map(),
    spent: new Map(),
    takenFlows: new Map(),
    told: new Set(),
  }
}

/** The configured provider of that name. Throws `option_invalid` for a name that is not one. */
export function clientOf(context: DanceContext, name: string): ProviderClient {
  const client = context.clients.get(name)
  if (!client) throw invalidOption(`providers.${name}`, 'no such provider is configured')
  return client
}

function createClient(config: Config, http: Http, name: string): ProviderClient {
  const provider = config.providers[name]
  if (!provider) throw invalidOption(`providers.${name}`, 'no such provider is configured')
  const { facts, protocol } = provider
  const variable = (what: string) =>
    `${name.toUpperCase().replaceAll('-', '_')}_OAUTH_CLIENT_${what}`
  const fromEnv = (what: string) => {
    const value = config.env[variable(what)]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const knownId = facts.clientId ?? fromEnv('ID')
  const secret = facts.clientSecret ?? fromEnv('SECRET')
  const absent = (option: string, what: string) =>
    invalidOption(`providers.${name}.${option}`, `it is not set; put it into ${variable(what)}`)
  return {
    name,
    facts,
    protocol,
    http,
    knownId,
    clientId() {
      if (knownId === undefined) throw absent('clientId', 'ID')
      return knownId
    },
    clientSecret() {
      if (secret === undefined) throw absent('clientSecret', 'SECRET')
      return secret
    },
    knownSecret: secret,
    memory: new Map(),
  }
}
