import { type Example, initialPicture } from '@fetch-dance/examples-stage'

// The ids of earlier runs may stand in a database that is kept
let lastPost = Date.now()

/** What Lantern has to know to stand in for X: scopes in words, and the API in X's shape. */
export const lanternAsX: Pick<Example, 'scopes' | 'resources'> = {
  scopes: {
    'users.read': 'See your profile',
    'tweet.read': 'See your posts',
    'tweet.write': 'Post for you',
    'offline.access': 'Stay connected',
  },
  resources: {
    'GET /users/me': {
      scope: 'users.read',
      answer: ({ id, name }) => ({
        data: {
          id,
          name,
          username: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
          profile_image_url: initialPicture(name),
        },
      }),
    },
    'POST /tweets': {
      scope: 'tweet.write',
      status: 201,
      answer: (_account, { text }) => ({ data: { id: String(++lastPost), text } }),
    },
  },
}
