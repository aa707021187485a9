import { describe } from 'vitest'
import { setExampleStage } from './example-stage.ts'
import { tellUnknownErrors, walkExample } from './walk.ts'

walkExample({
  name: 'deno-spotify',
  provider: 'spotify',
  connect: 'Connect Spotify',
  shows: 'Theme and Variations',
  stepUp: {
    press: /^What was on last/,
    scope: 'user-read-recently-played',
    shows: 'Gavotte to Fetch By',
  },
  declined: 'You declined, and that is fine',
})

describe('the page of deno-spotify', () => tellUnknownErrors(setExampleStage('deno-spotify'), '/'))
