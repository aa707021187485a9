import { randomBytes } from 'node:crypto'
import { serve } from 'srvx'
import { createApp } from './app.ts'
import { type Lantern, startLantern } from './lantern/server.ts'
import { notes } from './notes.ts'
import { freePort } from './ports.ts'
import { readNumber } from './read-number.ts'

export interface Demo {
  /** Where the app is. */
  readonly url: string
  readonly lantern: Lantern
  readonly withGitHub: boolean
  readonly tokenSeconds: number
}

type Variables = Readonly<Record<string, string | undefined>>

/** Starts Lantern and the app, each on a port of its own; `say` hears of ports that are taken. */
export async function startDemo(env: Variables, say: (message: string) => void): Promise<Demo> {
  const tokenSeconds = readNumber(env, 'DEMO_TOKEN_SECONDS', 60)
  const port = await freePort(readNumber(env, 'PORT', 3000), say)
  const lantern = await startLantern({
    ...notes,
    port: await freePort(port + 1, say),
    appOrigins: [`http://localhost:${port}`, `http://127.0.0.1:${port}`],
    callbackPath: '/login/lantern/callback',
    tokenSeconds,
  })
  const appEnv = {
    ...env,
    DANCE_SECRET: env.DANCE_SECRET || randomBytes(32).toString('base64url'),
    DEMO_TOKEN_SECONDS: String(tokenSeconds),
    LANTERN_ISSUER: lantern.issuer,
    LANTERN_OAUTH_CLIENT_ID: lantern.client.id,
    LANTERN_OAUTH_CLIENT_SECRET: lantern.client.secret,
  }
  const server = serve({
    fetch: createApp(appEnv),
    hostname: '127.0.0.1',
    port,
    silent: true,
    gracefulShutdown: false,
  })
  await server.ready()
  const withGitHub = Boolean(env.GITHUB_OAUTH_CLIENT_ID && env.GITHUB_OAUTH_CLIENT_SECRET)
  return { url: `http://localhost:${port}`, lantern, withGitHub, tokenSeconds }
}
