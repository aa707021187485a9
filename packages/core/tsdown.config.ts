import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/dance-context.ts', 'src/kv-storage.ts'],
  external: ['node:async_hooks'],
  platform: 'neutral',
  target: 'es2022',
  dts: { oxc: true },
  fixedExtension: false,
  unbundle: true,
})
