import { EdgeVM } from '@edge-runtime/vm'
import { type App, cookieJar, walkDance } from '@fetch-dance/testing'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { listeningFake } from '../../../packages/testing/test/support/over-http.ts'
import { environment, origin, recipes } from './support/running.ts'
import { walkRecipe } from './support/walk-recipe.ts'

walkRecipe('an edge function', async (env) => ({
  app: await edgeFunction('edge.ts', env),
  stop() {},
}))

test('a bare edge function dances, and knows no other page', async () => {
  const { served: fake, close } = await listeningFake()
  const app = await edgeFunction('edge-login.ts', environment(fake.issuer))
  const jar = cookieJar()
  const answer = await walkDance(app, fake, `${origin}/login/github`, jar)
  expect(answer.status).toBe(404)
  const headers = { accept: 'application/json' }
  const list = await jar.send(app, `${origin}/login/connections`, { headers, site: 'same-origin' })
  expect(await list.json()).toMatchObject([{ provider: 'github', status: 'ok' }])
  await close()
})

/** The function of a file, bundled, in a machine that has the web's globals and an environment. */
async function edgeFunction(file: string, env: Record<string, string>): Promise<App> {
  const { outputFiles } = await build({
    entryPoints: [`${recipes}${file}`],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'edgeFunction',
    platform: 'neutral',
    target: 'es2022',
  })
  const machine = new EdgeVM({ extend: (context) => Object.assign(context, { process: { env } }) })
  machine.evaluate(outputFiles[0]?.text ?? '')
  return async (request) => {
    // objects of this realm are none of the machine's
    const { status, headers, body } = await machine.evaluate(
      `(async ([url, init]) => {
        const response = await edgeFunction.default(new Request(url, init))
        const headers = [...response.headers].flatMap(([name, value]) => [[name, value]])
        return { status: response.status, headers, body: await response.text() }
      })(${JSON.stringify([request.url, await initOf(request)])})`,
    )
    const empty = status === 204 || status === 304
    return new Response(empty ? null : body, { status, headers })
  }
}

async function initOf(request: Request): Promise<object> {
  const { method } = request
  const headers = [...request.headers]
  return method === 'GET' || method === 'HEAD'
    ? { method, headers }
    : { method, headers, body: await request.text() }
}
