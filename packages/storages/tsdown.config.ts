import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/cloudflare-kv.ts',
    'src/d1.ts',
    'src/deno-kv.ts',
    'src/drizzle.ts',
    'src/durable-object.ts',
    'src/redis.ts',
    'src/unstorage.ts',
    'src/with-cache.ts',
  ],
  platform: 'neutral',
  target: 'es2022',
  dts: { oxc: true },
  fixedExtension: false,
  unbundle: true,
})
