import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { expect, test } from 'vitest'

const app = `
  import { createDance, oauth2Provider } from 'fetch-dance'
  import { createDanceContext } from 'fetch-dance/context'

  const authorizationEndpoint = 'https://provider.test/authorize'
  const tokenEndpoint = 'https://provider.test/token'
  const fake = oauth2Provider({ id: 'fake', authorizationEndpoint, tokenEndpoint })
  const { wrap, require } = createDanceContext(createDance({ providers: { fake } }))

  async function readDeep() {
    await scheduler.wait(1)
    return require('fake')
  }

  export default { fetch: wrap(async () => Response.json((await readDeep()).account)) }
`

test('in a Worker the flag nodejs_als is enough for the context', async () => {
  const { outputFiles } = await build({
    stdin: { contents: app, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['node:async_hooks'],
  })
  const contents = outputFiles[0]?.text ?? ''
  const worker = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents }],
    compatibilityDate: '2026-07-01',
    compatibilityFlags: ['nodejs_als'],
  })
  try {
    const answer = await worker.dispatchFetch('http://localhost/deep')
    expect(await answer.json()).toEqual({
      error: 'login_required',
      loginUrl: '/login/fake?returnTo=%2F',
    })
  } finally {
    await worker.dispose()
  }
})
