import { startExample } from '@fetch-dance/examples-stage'
import { serve } from 'srvx'
import { createApp } from './app.ts'
import { lanternAsGitHub } from './lantern-as-github.ts'

await startExample({
  name: 'hono-github',
  title: 'My repositories',
  provider: 'github',
  ...lanternAsGitHub,
  async run(env, port) {
    const fetch = createApp(env)
    const options = { port, hostname: '127.0.0.1', silent: true, gracefulShutdown: false }
    const server = serve({ fetch, ...options })
    await server.ready()
    return { close: () => server.close(true) }
  },
})
