// The bindings that examples for Workers may use, in documents and doc comments.
declare module 'cloudflare:workers' {
  export const env: {
    readonly TOKENS: import('@cloudflare/workers-types').KVNamespace
    readonly DANCE: import('@cloudflare/workers-types').DurableObjectNamespace
    readonly DB: import('@cloudflare/workers-types').D1Database
  }
}
