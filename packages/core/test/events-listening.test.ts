import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { hurry } from './support/hurry.ts'
import { kit, origin } from './support/kit.ts'
import { login } from './support/login.ts'

const cookie = '__Host-dance.fake'
const fail = () => {
  throw new Error('the database is down')
}
const never = () => new Promise<never>(() => {})

describe('listeners of what has happened', () => {
  test('a throw becomes an error event and breaks nothing, nor does one that hangs NX-22', async () => {
    for (const stored of [fail, async () => fail(), never]) {
      const actors = kit({ on: { stored } })
      const back = hurry()
      const answer = await login(actors).finally(back)
      expect(answer.status).toBe(303)
      expect(actors.jar.get(cookie)).toBeDefined()
      expect(actors.errors.map(({ code }) => code)).toEqual(['handler_failed'])
      expect(actors.events).toContain('stored') // the next listener is told all the same
    }
  })

  test('what they answer is not heard', async () => {
    const actors = kit({ on: { stored: () => new Response('no'), disconnected: () => false } })
    expect((await login(actors)).status).toBe(303)
  })

  test('an error listener that throws starts no loop [G1]', async () => {
    const lines: string[] = []
    const logger = { log: (_level: string, message: string) => void lines.push(message) }
    const actors = kit({ on: { error: fail }, logger })
    const answer = await actors.jar.send(actors.dance.handle, `${origin}/login/nobody`)
    await expectEnvelope(answer)
    expect(answer.status).toBe(404)
    expect(actors.errors.map(({ code }) => code)).toEqual(['not_found'])
    expect(lines.length).toBe(2)
  })
})

describe('waitUntil A-15', () => {
  test('lets work go on after the answer, and hands it to the runtime', async () => {
    const waited: Promise<unknown>[] = []
    const actors = kit()
    let finish = () => {}
    const work = new Promise<void>((resolve) => {
      finish = resolve
    })
    actors.dance.events.on('stored', ({ waitUntil }) => waitUntil(work))
    const context = { waitUntil: (promise: Promise<unknown>) => void waited.push(promise) }
    const handle = (request: Request) => actors.dance.handle(request, context)
    const answer = await login({ ...actors, dance: { ...actors.dance, handle } })
    expect(answer.status).toBe(303)
    expect(waited.length).toBe(1)
    finish()
    await waited[0]
  })

  test('work that fails is an error event, not a failed login', async () => {
    const actors = kit()
    actors.dance.events.on('stored', ({ waitUntil }) => {
      waitUntil(Promise.reject(new Error('the import failed')))
    })
    expect((await login(actors)).status).toBe(303)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(actors.errors.map(({ code, phase, provider }) => [code, phase, provider])).toEqual([
      ['handler_failed', 'background', 'fake'],
    ])
  })
})
