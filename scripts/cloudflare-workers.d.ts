// The bindings that examples in documents and doc comments for Workers may use.
declare module 'cloudflare:workers' {
  export const env: {
    readonly TOKENS: import('@fetch-dance/storages/cloudflare-kv').WorkersKv
    readonly DANCE: import('@fetch-dance/storages/durable-object').DurableObjects
    readonly DB: import('@fetch-dance/storages/d1').D1
  }
}
