import type { Config } from '@react-router/dev/config'

const { DANCE_ORIGIN = 'http://localhost' } = process.env

export default {
  buildDirectory: 'dist',
  allowedActionOrigins: [new URL(DANCE_ORIGIN).host],
} satisfies Config
