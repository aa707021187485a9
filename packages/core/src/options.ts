import { type DanceError, definedOf, invalidOption } from './errors.ts'
import type { EventName, Handler } from './event-types.ts'
import { checkOptions, checkProvider } from './option-shapes.ts'
import { type OriginRule, readOrigins } from './origin.ts'
import type { Provider, Providers } from './protocol/protocol.ts'
import { sealedCookieStorage } from './sealed-cookie-storage.ts'
import { readSecrets } from './secrets.ts'
import type { RequestStorage, TokenStorage } from './storage.ts'

interface Common<P extends Providers> {
  /** The providers, by the names they have in this app's URLs, cookies and storage keys. */
  readonly providers: P
  /** Where `DANCE_SECRET`, `DANCE_ORIGIN` and `<NAME>_OAUTH_CLIENT_ID` and `_SECRET` are read. */
  readonly env?: object
  /** At least 32 random octets as hex or base64url; a list is newest first, and older ones still open. */
  readonly secret?: string | readonly string[] | undefined
  /** The app's public origin, or a list of those it may be asked for; on loopback not needed. */
  readonly origin?: string | readonly string[] | undefined
  /** Where the routes begin: `/login` by default. */
  readonly basePath?: string
  /** Whole paths with `{provider}` instead of the default ones. */
  readonly paths?: { login?: string; callback?: string; logout?: string }
  /** Where to go after a login, a failed login and a logout; a visit's `returnTo` beats `success`. */
  readonly redirects?: { success?: string; error?: string; logout?: string }
  /** Whether `X-Forwarded-Host` may pick from the list of origins. */
  readonly trustProxy?: boolean
  /** Name (`dance`), life in seconds (90 days) and partitioning of the cookies. */
  readonly cookie?: { name?: string; maxAge?: number; partitioned?: boolean }
  /** Judges every address before the dance asks it, beside its own rules. */
  readonly allow?: (url: URL) => boolean
  /** What asks the network. */
  readonly fetch?: typeof fetch
  /** Milliseconds a caller waits for a provider or a storage: 10,000 by default. */
  readonly timeout?: number
  /** Seconds before its end in which a token is refreshed: 30 by default, at most a tenth of its life. */
  readonly minValidity?: number
  /** Handlers that hear events first. */
  readonly on?: { readonly [E in EventName]?: Handler<NoInfer<P>, E> }
  /** May answer a failure itself, within `timeout`; `request` holds no code, state or cookie of the dance. */
  readonly onError?: (
    error: DanceError,
    context: { request: Request; phase: string; provider?: keyof P },
  ) => Response | void | Promise<Response | void>
  /** Is told of every failure. */
  readonly logger?: { log(level: string, message: string, data: object): void }
}

/**
 * Decides who may connect (`login`: login, callback and links to connect), disconnect (`logout`) and see (`list`) a provider's connection.
 * Anything but true, a throw or no answer within `timeout` is `login_forbidden`.
 *
 * @example
 * ```ts
 * import type { Guard } from 'fetch-dance'
 *
 * export const operatorsOnly: Guard<object> = (request) => request.headers.get('x-role') === 'operator'
 * ```
 */
export type Guard<P> = (
  request: Request,
  o: { provider: keyof P; action: 'login' | 'logout' | 'list' },
) => boolean | Promise<boolean>

type Owned<P> =
  // One token for the app: it must be kept on the server, and somebody must decide who may connect it
  | { owner: string; storage: TokenStorage; authorizeLogin: Guard<P> }
  | {
      /** Who is signed in, null for nobody. A throw or anything that is no id is `owner_failed`. Absent: the browser. */
      owner?: (request: Request) => string | null | Promise<string | null>
      /** Where tokens are kept: sealed cookies by default. */
      storage?: TokenStorage | RequestStorage
      /** Who may connect, disconnect and list: everybody by default. */
      authorizeLogin?: Guard<P>
    }

/**
 * Options of `createDance`. Times are seconds, save `timeout`. A fixed `owner` needs a server-side `storage` and
 * `authorizeLogin`.
 */
export type DanceOptions<P extends Providers> = Common<P> & Owned<P>

/** The options as the dance uses them: checked, with defaults, frozen. */
export interface Config {
  readonly providers: Readonly<Record<string, Provider>>
  readonly env: Readonly<Record<string, unknown>>
  /** Throws `option_invalid` where no secret is set yet. */
  secrets(): readonly Uint8Array<ArrayBuffer>[]
  readonly origins: readonly OriginRule[]
  readonly basePath: string
  readonly paths: { readonly login?: string; readonly callback?: string; readonly logout?: string }
  readonly redirects: {
    readonly success?: string
    readonly error?: string
    readonly logout?: string
  }
  readonly trustProxy: boolean
  readonly cookie: { readonly name: string; readonly maxAge: number; readonly partitioned: boolean }
  readonly allow: ((url: URL) => boolean) | undefined
  readonly fetch: typeof fetch
  readonly timeout: number
  readonly minValidity: number
  readonly on: Readonly<Record<string, ((event: never) => unknown) | undefined>>
  readonly onError:
    | ((
        error: DanceError,
        context: { request: Request; phase: string; provider?: string },
      ) => unknown)
    | undefined
  /** Tells the logger, if there is one; never throws. */
  log(level: string, message: string, data: object): void
  readonly owner: string | ((request: Request) => unknown) | undefined
  readonly storage: TokenStorage | RequestStorage
  readonly authorizeLogin:
    | ((request: Request, o: { provider: string; action: 'login' | 'logout' | 'list' }) => unknown)
    | undefined
}

/**
 * Checks the options of `createDance`. Throws `option_invalid` naming the path of the first wrong one; a secret or
 * credential that is absent is no error here, so that builds run without them.
 */
export function readOptions<P extends Providers>(options: DanceOptions<P>): Config {
  checkOptions(options)
  // read where it is needed and not copied: a runtime's env may be no plain object
  const env = (options.env ?? {}) as Record<string, unknown> // any object may be asked for any name
  for (const [name, provider] of Object.entries(options.providers)) checkProvider(name, provider)
  if (typeof options.owner === 'string') checkFixedOwner(options)
  const textsOf = (option: 'secret' | 'origin', variable: string): [string[], string] =>
    options[option] === undefined
      ? [listOf(env[variable]), `env.${variable}`]
      : [listOf(options[option]), option]
  const config = {
    basePath: '/login',
    trustProxy: false,
    timeout: 10_000,
    minValidity: 30,
    storage: sealedCookieStorage(),
    // called at once, not kept: a runtime may replace its fetch, and it must not lose its `this`
    fetch: ((input, init) => fetch(input, init)) as typeof fetch, // Bun's has members of its own
    ...definedOf(options),
    env,
    // an async function, so that a logger that throws breaks nothing either
    log: (...line: [string, string, object]) =>
      void (async () => options.logger?.log(...line))().catch(() => {}),
    providers: Object.freeze({ ...options.providers }),
    secrets: readSecrets(...textsOf('secret', 'DANCE_SECRET')),
    origins: readOrigins(...textsOf('origin', 'DANCE_ORIGIN')),
    paths: { ...options.paths },
    redirects: { ...options.redirects },
    on: { ...options.on },
    cookie: {
      name: 'dance',
      maxAge: 90 * 24 * 3600,
      partitioned: false,
      ...definedOf(options.cookie ?? {}),
    },
  }
  // Handlers and guards are typed by the providers' names outside; inside a name is any text
  return Object.freeze(config) as unknown as Config
}

function checkFixedOwner(o: { storage?: unknown; authorizeLogin?: unknown }): void {
  if (typeof o.storage !== 'object') {
    throw invalidOption('storage', 'a fixed owner needs a server-side one')
  }
  if (!o.authorizeLogin) {
    throw invalidOption('authorizeLogin', 'a fixed owner needs to know who may connect it')
  }
}

// A list as it is, or written with commas.
function listOf(value: unknown): string[] {
  const list = typeof value === 'string' && value !== '' ? value.split(',') : value
  return Array.isArray(list) ? list.map((text) => String(text).trim()) : []
}
