import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/*.ts'],
  platform: 'neutral',
  target: 'es2022',
  dts: { oxc: true },
  fixedExtension: false,
  unbundle: true,
})
