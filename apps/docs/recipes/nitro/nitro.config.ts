import { defineNitroConfig } from 'nitro/config'

export default defineNitroConfig({ output: { dir: 'dist' }, compatibilityDate: '2026-07-01' })
