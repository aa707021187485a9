import { type Example, initialPicture } from '@fetch-dance/examples-stage'

/** What Lantern has to know to stand in for Spotify: scopes in words, and the API in Spotify's shape. */
export const lanternAsSpotify: Pick<Example, 'scopes' | 'resources'> = {
  scopes: {
    'user-read-email': 'Read your profile and e-mail address',
    'user-top-read': 'See what you play most',
    'user-read-recently-played': 'See what you played last',
  },
  resources: {
    'GET /me': {
      scope: 'user-read-email',
      answer: ({ id, name, email }) => ({
        id: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ''),
        account_id: id,
        display_name: name,
        email,
        images: [{ url: initialPicture(name), height: 64, width: 64 }],
      }),
    },
    'GET /me/top/tracks': {
      scope: 'user-top-read',
      answer: () => ({ items: [theme, prelude, doves] }),
    },
    'GET /me/player/recently-played': {
      scope: 'user-read-recently-played',
      answer: () => ({
        items: [dance, theme, doves].map((track, index) => ({
          track,
          played_at: new Date(Date.now() - (index + 1) * 240_000).toISOString(),
        })),
      }),
    },
  },
}

const theme = track('Theme and Variations', 'Clara Schumann')
const prelude = track('Prelude in E Minor', 'Fanny Hensel')
const doves = track('The Wings of a Dove', 'Maude Valérie White')
const dance = track('Gavotte to Fetch By', 'The Loopback Players')

function track(name: string, artist: string) {
  const external_urls = { spotify: `https://open.spotify.com/search/${encodeURIComponent(name)}` }
  return { name, artists: [{ name: artist }], external_urls }
}
