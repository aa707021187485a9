// The global types of Workers, and the bindings that examples for Workers may use, in documents and doc comments.
type KVNamespace = import('@cloudflare/workers-types').KVNamespace

declare module 'cloudflare:workers' {
  export const env: {
    readonly TOKENS: import('@cloudflare/workers-types').KVNamespace
    readonly DANCE: import('@cloudflare/workers-types').DurableObjectNamespace
    readonly DB: import('@cloudflare/workers-types').D1Database
  }
}
