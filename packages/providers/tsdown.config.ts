import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/github.ts', 'src/google.ts'],
  platform: 'neutral',
  dts: { oxc: true },
  fixedExtension: false,
  unbundle: true,
})
