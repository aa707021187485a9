import { walkExample } from './walk.ts'

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
