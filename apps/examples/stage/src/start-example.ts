import { randomBytes } from 'node:crypto'
import { type LanternSetup, startLantern } from '@fetch-dance/demo/lantern'
import { freePort } from '@fetch-dance/demo/ports'
import { readNumber } from '@fetch-dance/demo/read-number'

/** Variables for an app: those of the process, and what the stage adds. */
export type Env = Readonly<Record<string, string>>

/** An app that runs, here or in a process of its own. */
export interface RunningApp {
  close(): unknown
}

/** An example, and what Lantern has to be for it. */
export interface Example extends Pick<LanternSetup, 'scopes' | 'resources'> {
  /** The folder below `apps/examples`. */
  readonly name: string
  /** The app's name, for people: it stands on Lantern's pages. */
  readonly title: string
  /** The provider's name in the app: with `<NAME>_OAUTH_CLIENT_ID` set, Lantern stays away. */
  readonly provider: string
  /** Path of the app's callback: `/login/PROVIDER/callback` by default. */
  readonly callbackPath?: string
  /** Starts the app on a port of the loopback address, as it runs in production. */
  run(env: Env, port: number): Promise<RunningApp>
}

/** Starts an example, Lantern beside it unless the real provider is configured, and says where they are. */
export async function startExample(example: Example): Promise<void> {
  const running: RunningApp[] = []
  const stop = async (code: number): Promise<never> => {
    await Promise.all(running.map((app) => app.close()))
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(0))
  try {
    const port = await freePort(readNumber(process.env, 'PORT', 3000), console.log)
    const env: Env = { ...definedOnly(process.env), PORT: String(port) }
    const secret = env.DANCE_SECRET || randomBytes(32).toString('base64url')
    const lantern = isConfigured(example, env) ? null : await openLantern(example, env, port)
    if (lantern !== null) running.push(lantern)
    const app = await example.run({ ...env, DANCE_SECRET: secret, ...lantern?.env }, port)
    running.push(app)
    console.log(welcome(example, port, env.DANCE_ORIGIN, lantern?.env.LANTERN_ISSUER))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    await stop(1)
  }
}

function isConfigured({ provider }: Example, env: Env): boolean {
  return Boolean(env[`${variableOf(provider)}_ID`])
}

/** What the names of the client's two variables begin with. */
function variableOf(provider: string): string {
  return `${provider.toUpperCase().replaceAll('-', '_')}_OAUTH_CLIENT`
}

interface LanternForApp extends RunningApp {
  /** What the app has to know of it. */
  readonly env: Env
}

async function openLantern(example: Example, env: Env, port: number): Promise<LanternForApp> {
  const { name, title, provider, scopes, resources } = example
  const local = [`http://localhost:${port}`, `http://127.0.0.1:${port}`] as const
  const lantern = await startLantern({
    port: await freePort(port + 1, console.log),
    id: `example-${name}`,
    name: title,
    appOrigins: env.DANCE_ORIGIN ? [env.DANCE_ORIGIN, ...local] : local,
    callbackPath: example.callbackPath ?? `/login/${provider}/callback`,
    tokenSeconds: readNumber(env, 'DEMO_TOKEN_SECONDS', 60),
    scopes,
    resources,
  })
  const variable = variableOf(provider)
  return {
    env: {
      LANTERN_ISSUER: lantern.issuer,
      [`${variable}_ID`]: lantern.client.id,
      [`${variable}_SECRET`]: lantern.client.secret,
    },
    close: lantern.close,
  }
}

function definedOnly(variables: NodeJS.ProcessEnv): Record<string, string> {
  const set = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return Object.fromEntries(set)
}

function welcome(
  { title, provider, callbackPath = `/login/${provider}/callback` }: Example,
  port: number,
  origin: string | undefined,
  issuer: string | undefined,
): string {
  const url = `http://localhost:${port}`
  const variable = variableOf(provider)
  const about = issuer
    ? [
        `  Lantern, a provider on this machine, stands in for ${provider}: ${issuer}`,
        `  ${variable}_ID and ${variable}_SECRET bring the real one.`,
      ]
    : [
        `  Redirect URI to register at ${provider}: ${origin || url}${callbackPath}`,
        '  Where a provider takes no localhost: 127.0.0.1, there and in the browser.',
      ]
  return ['', `  ${title} runs at ${url}`, ...about, '  Ctrl-C ends it.', ''].join('\n')
}
