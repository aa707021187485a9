import type { LanternSetup } from './lantern/server.ts'

/** The demo as Lantern knows it: its name, the one scope of its own and the API behind it. */
export const notes: Pick<LanternSetup, 'id' | 'name' | 'scopes' | 'resources'> = {
  id: 'fetch-dance-demo',
  name: 'the fetch-dance demo',
  scopes: { notes: 'Read your notes' },
  resources: {
    'GET /me': {
      scope: 'profile',
      answer: ({ id, name }, _body, { secondsLeft }) => ({
        id,
        name,
        token: `good for another ${secondsLeft} s`,
      }),
    },
    'GET /notes': {
      scope: 'notes',
      answer: ({ name }) => ({
        notes: [
          `${name}: the lamp is on, come in`,
          'Buy oil before the evening',
          'A token is a key: lend it, do not copy it',
        ],
      }),
    },
  },
}
