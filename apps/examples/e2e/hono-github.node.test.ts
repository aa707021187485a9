import { describe } from 'vitest'
import { setExampleStage } from './example-stage.ts'
import { tellUnknownErrors, walkExample } from './walk.ts'

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

describe('the page of hono-github', () => tellUnknownErrors(setExampleStage('hono-github'), '/'))
