import { EdgeVM } from '@edge-runtime/vm'
import { Miniflare } from 'miniflare'
import { describe, expect, test } from 'vitest'
import { bundleProgram } from './bundle-program.ts'

const wholeDance = {
  login: 'octocat',
  api: 200,
  refreshes: 1,
  disconnected: 303,
  statusAfter: 302,
  nodeGlobals: [],
}

describe.each([
  ['OAuth 2', false],
  ['OpenID Connect', true],
])('the built bundle dances over %s', (_name, oidc) => {
  test('in workerd without compatibility flags', async () => {
    const script = await bundleProgram(
      `import { runDance } from './program.ts'
       export default { fetch: async () => Response.json(await runDance(${oidc})) }`,
      'esm',
    )
    const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-07-01' })
    try {
      const response = await worker.dispatchFetch('https://app.test/')
      expect(await response.json()).toEqual(wholeDance)
    } finally {
      await worker.dispose()
    }
  })

  test('in an edge runtime without process and Buffer', async () => {
    const script = await bundleProgram(
      `import { runDance } from './program.ts'
       globalThis.outcome = runDance(${oidc}).then(JSON.stringify)`,
      'iife',
    )
    const machine = new EdgeVM()
    machine.evaluate(script)
    expect(JSON.parse(await machine.evaluate('outcome'))).toEqual(wholeDance)
  })
})

test('the built context finds the visit in workerd under the flag nodejs_als alone', async () => {
  const script = await bundleProgram(
    `import { createDance } from 'fetch-dance'
     import { createDanceContext } from 'fetch-dance/context'
     import { fakeProvider } from '@fetch-dance/testing'
     const secret = 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k'
     const dance = createDance({ providers: { fake: fakeProvider().provider() }, secret })
     const { connection, wrap } = createDanceContext(dance)
     const statusLater = async () => (await connection('fake')).status
     export default { fetch: wrap(async () => new Response(await statusLater())) }`,
    'esm',
  )
  const worker = new Miniflare({
    modules: true,
    script,
    compatibilityDate: '2026-07-01',
    compatibilityFlags: ['nodejs_als'],
  })
  try {
    expect(await (await worker.dispatchFetch('http://localhost/')).text()).toBe('none')
  } finally {
    await worker.dispose()
  }
})
