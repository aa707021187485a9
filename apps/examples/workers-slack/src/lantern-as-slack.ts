import type { Example } from '@fetch-dance/examples-stage'

/** What Lantern has to know to stand in for Slack: scopes in words, and the API in Slack's shape. */
export const lanternAsSlack: Pick<Example, 'scopes' | 'resources'> = {
  scopes: {
    'users:read': 'See who you are in your workspace',
    'channels:read': 'See which channels you are in',
    'channels:history': 'Read what is said in your channels',
  },
  resources: {
    'GET /auth.test': {
      scope: 'users:read',
      answer: ({ id, name }) => ({
        ok: true,
        url: 'https://analytical-society.slack.com/',
        team: 'Analytical Society',
        team_id: 'T1843',
        user: name,
        user_id: `U${id}`,
      }),
    },
    'GET /users.conversations': {
      scope: 'channels:read',
      answer: () => ({
        ok: true,
        channels: channels.map(({ id, name, topic }) => ({ id, name, topic: { value: topic } })),
      }),
    },
    'GET /conversations.history': {
      scope: 'channels:history',
      answer: (_account, _body, { query }) => {
        const channel = channels.find(({ id }) => id === query.get('channel'))
        if (!channel) return { ok: false, error: 'channel_not_found' }
        return { ok: true, messages: channel.said.map((text) => ({ type: 'message', text })) }
      },
    },
  },
}

const channels = [
  {
    id: 'C1',
    name: 'analytical-engine',
    topic: 'A machine that does not exist yet',
    said: ['The engine weaves algebraical patterns', 'Note G is ready to be read'],
  },
  { id: 'C2', name: 'bernoulli', topic: 'Numbers, step by step', said: [] },
  { id: 'C3', name: 'tea', topic: '', said: ['At four, as ever'] },
]
