/** The OAuth dance, the token vault and the API client in one small library. */

export type {
  ConnectionOf,
  LoginOptions,
  LoginUrlOptions,
  Reason,
  RemoteOutcome,
  VisitConnectionOf,
} from './connection-types.ts'
export { createDance } from './dance.ts'
export { DanceError, type DanceErrorCode } from './errors.ts'
export type { DanceEvent, EventName, Handler, Payloads, ScopesOutcome } from './event-types.ts'
export type {
  OAuth2ProviderOptions,
  OidcProviderOptions,
  PresetOptions,
  Profile,
  Quirks,
  Token,
} from './facts.ts'
export type { DanceOptions, Guard } from './options.ts'
export type { Provider, Providers } from './protocol/protocol.ts'
export { oauth2Provider, oidcProvider } from './provider.ts'
export { sealedCookieStorage } from './sealed-cookie-storage.ts'
export type {
  ConnectionKey,
  Cookies,
  Kv,
  KvKey,
  RequestStorage,
  StoredValue,
  TokenStorage,
} from './storage.ts'
export type { App, Connection, Dance, Visit, VisitConnection, VisitContext } from './types.ts'
