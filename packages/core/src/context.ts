import { invalidOption, unknownProvider } from './errors.ts'
import { createEvents, type Events } from './events.ts'
import { createHttp, type Http } from './http.ts'
import type { Config } from './options.ts'
import type { Provider, ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { createRoutes, type Routes } from './routes.ts'
import { createSeals, type Seals } from './seal.ts'
import type { ConnectionKey } from './storage.ts'

/** What a refresh came to: the record from now on, which may have ended, or null where nobody is connected. */
export type FlightAnswer = ConnectionRecord | null

/** A refresh under way: it belongs to no caller. */
export interface Flight {
  /** Signs its claim. */
  readonly id: string
  /** Settles when it has landed. */
  readonly answer: Promise<FlightAnswer>
  /** Milliseconds since epoch. */
  readonly startedAt: number
  /** What is known of the refresh token, once it is on its way: from then on it is the provider that is waited for. */
  sent?: Spent
  /** The provider has refused it once. */
  refused?: true
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
  const http = createHttp(config)
  const clients = Object.entries(config.providers).map(
    ([name, provider]) => [name, createClient(config, http, name, provider)] as const,
  )
  return {
    config,
    routes: createRoutes(config),
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
  if (!client) throw unknownProvider(name)
  return client
}

function createClient(
  { env }: Config,
  http: Http,
  name: string,
  { facts, protocol }: Provider,
): ProviderClient {
  const credential = (option: 'clientId' | 'clientSecret', ending: string) => {
    const variable = `${name.toUpperCase().replaceAll('-', '_')}_OAUTH_CLIENT_${ending}`
    const kept = env[variable]
    const known = facts[option] ?? ((typeof kept === 'string' && kept) || undefined)
    const get = () => {
      if (known !== undefined) return known
      throw invalidOption(`providers.${name}.${option}`, `it is not set; put it into ${variable}`)
    }
    return { known, get }
  }
  const id = credential('clientId', 'ID')
  const secret = credential('clientSecret', 'SECRET')
  return {
    name,
    facts,
    protocol,
    http,
    knownId: id.known,
    clientId: id.get,
    knownSecret: secret.known,
    clientSecret: secret.get,
    memory: new Map(),
  }
}
