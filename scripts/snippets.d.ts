// What examples in documents and doc comments may use without declaring it. An example that declares one of
// these names itself shadows it.
import type { DenoKv } from '@fetch-dance/storages/deno-kv'
import type { Connection, Dance, Kv, Provider, TokenStorage, Visit } from 'fetch-dance'

type AnyProviders = { github: Provider<{ login: string }>; google: Provider<{ hd?: string }> }

declare global {
  const dance: Dance<AnyProviders>
  const visit: Visit<AnyProviders>
  const connection: Connection<AnyProviders, 'github'>
  const storage: TokenStorage
  const coordinator: Kv
  const request: Request
  const env: object
  const Deno: { openKv(path?: string): Promise<DenoKv> }
}
