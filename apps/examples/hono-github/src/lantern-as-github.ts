import { type Example, initialPicture } from '@fetch-dance/examples-stage'

/** What Lantern has to know to stand in for GitHub: scopes in words, and the API in GitHub's shape. */
export const lanternAsGitHub: Pick<Example, 'scopes' | 'resources'> = {
  scopes: {
    'read:user': 'Read your profile',
    'user:email': 'Read your e-mail addresses',
    repo: 'See your private repositories',
  },
  resources: {
    'GET /user': {
      scope: 'read:user',
      answer: ({ id, name, email }) => ({
        id,
        login: loginOf(name),
        name,
        email,
        avatar_url: initialPicture(name),
      }),
    },
    'GET /user/repos': {
      scope: 'read:user',
      answer: ({ name }, _body, { query, scopes }) => {
        const visibility = query.get('visibility') ?? 'all'
        return repositories
          .filter((repository) => scopes.has('repo') || !repository.private)
          .filter((repository) => visibility === 'all' || repository.visibility === visibility)
          .map((repository) => ({
            ...repository,
            full_name: `${loginOf(name)}/${repository.name}`,
            html_url: `https://github.com/${loginOf(name)}/${repository.name}`,
          }))
      },
    },
  },
}

function loginOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

const repositories = [
  publicRepository('analytical-engine', 'Notes on a machine that does not exist yet'),
  publicRepository('bernoulli', 'Numbers, computed step by step'),
  publicRepository('dotfiles', null),
  { name: 'letters', description: 'Not for everybody', private: true, visibility: 'private' },
]

function publicRepository(name: string, description: string | null) {
  return { name, description, private: false, visibility: 'public' }
}
