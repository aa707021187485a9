import { walkExample } from './walk.ts'

walkExample({
  name: 'hono-github',
  provider: 'github',
  connect: 'Connect GitHub',
  shows: 'ada-lovelace/analytical-engine',
  stepUp: {
    press: /^Private repositories/,
    scope: 'repo',
    shows: 'ada-lovelace/letters',
  },
  declined: 'You declined, and that is fine',
})
