import { within } from './deadline.ts'
import { DanceError, locateError } from './errors.ts'
import type { EventName } from './event-types.ts'
import type { Config } from './options.ts'
import { scrubRequest } from './scrub-request.ts'
import type { VisitState } from './visit.ts'

/** Milliseconds a handler has. */
const handlerTime = 5_000

/** Where an event happens. */
export interface Scene {
  readonly provider?: string | undefined
  /** Absent outside a visit. */
  readonly visit?: VisitState | undefined
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined
}

/** What the handlers of a deciding event said. */
export interface Decision {
  readonly veto?: true
  readonly owner?: string
  readonly response?: Response
}

type AnyHandler = (event: never) => unknown

interface Entry {
  readonly name: string
  readonly handler: AnyHandler | undefined
  readonly provider?: string | undefined
}

/** The event bus of one dance. */
export interface Events {
  on(name: EventName, handler: AnyHandler, provider?: string): () => void
  /** Tells listeners, one after the other; what they throw becomes an `error` event. `extra` is made only if one listens. */
  tell(name: EventName, scene: Scene, extra?: () => object): Promise<void>
  /** Asks the handlers of a deciding event. Throws `handler_failed`. */
  decide(name: 'beforeLogin' | 'authorized', scene: Scene, extra: () => object): Promise<Decision>
  /** Tells an error to the logger and the listeners, once. */
  report(error: DanceError, scene: Scene): Promise<void>
  /** Lets work go on after the answer; its failure is reported. */
  background(scene: Scene, work: Promise<unknown>): void
}

/** Makes the event bus; the handlers of the option `on` come first. */
export function createEvents(config: Config): Events {
  // one error may come to light in several places: at the engine, and at each of its callers
  const reported = new WeakSet<DanceError>()
  const handlers: Entry[] = Object.entries(config.on).map(([name, handler]) => ({ name, handler }))
  /** The calls an event makes, in order. */
  const callsOf = (name: EventName, scene: Scene, extra?: () => object) => {
    const heard = handlers.filter(
      (one) => one.name === name && [undefined, scene.provider].includes(one.provider),
    )
    const payload = heard.length > 0 ? payloadOf(config, events, scene, extra?.()) : {}
    return heard.map(
      ({ handler }) =>
        () =>
          call(handler, payload, name),
    )
  }
  const events: Events = {
    on(name, handler, provider) {
      const entry = { name, handler, provider }
      handlers.push(entry)
      return () => {
        const index = handlers.indexOf(entry)
        if (index >= 0) handlers.splice(index, 1)
      }
    },
    async tell(name, scene, extra) {
      for (const hear of callsOf(name, scene, extra)) {
        await hear().catch((error: unknown) => {
          if (name !== 'error') return events.report(locateError(error, 'handler'), scene)
          return config.log('error', 'an error handler failed', {})
        })
      }
    },
    async decide(name, scene, extra) {
      let decision: Decision = {}
      for (const hear of callsOf(name, scene, extra)) {
        const said = await hear()
        if (said === false && name === 'authorized') return { veto: true }
        decision = { ...readAnswer(said, name), ...decision }
      }
      return decision
    },
    async report(error, scene) {
      if (reported.has(error)) return
      reported.add(error)
      const { code, provider, phase, message } = error
      config.log(error.status >= 500 ? 'error' : 'warn', message, { code, provider, phase })
      await events.tell('error', scene, () => ({ error }))
    },
    background(scene, work) {
      const watched = work.catch((error: unknown) =>
        events.report(locateError(error, 'background', scene.provider), scene),
      )
      if (scene.waitUntil) scene.waitUntil(watched)
      else scene.visit?.context.waitUntil?.(watched)
    },
  }
  return events
}

// A deciding handler may answer, and name an owner.
function readAnswer(said: unknown, name: string): Partial<Decision> {
  if (said instanceof Response) return { response: said }
  if (typeof said !== 'object' || said === null || name !== 'authorized') return {}
  const { owner, response } = said as { owner?: unknown; response?: unknown } // an object, whatever it holds
  if (owner !== undefined && (typeof owner !== 'string' || owner === '')) {
    throw handlerFailed(name, 'it named an owner that is no id')
  }
  return {
    ...(owner !== undefined && { owner }),
    ...(response instanceof Response && { response }),
  }
}

async function call(
  handler: AnyHandler | undefined,
  payload: object,
  name: string,
): Promise<unknown> {
  const late = () => handlerFailed(name, `it gave no answer within ${handlerTime} ms`)
  // the bus gives every handler the payload of its own event: `on` pairs them by type
  const handled = () => handler?.(payload as never)
  return within(handled, handlerTime, late).catch((error: unknown) => {
    if (error instanceof DanceError && error.code === 'handler_failed') throw error
    throw handlerFailed(name, 'it threw', error)
  })
}

function handlerFailed(name: string, reason: string, error?: unknown): DanceError {
  const code = error instanceof DanceError ? error.code : undefined
  const cause = error instanceof Error ? { name: error.name, code } : undefined
  const message = `Cannot go on: a handler of "${name}" failed: ${reason}`
  return new DanceError('handler_failed', message, { cause })
}

function payloadOf(config: Config, events: Events, scene: Scene, extra?: object): object {
  const { provider, visit } = scene
  return {
    ...(provider !== undefined && { provider }),
    ...(visit && { request: scrubRequest(visit.request, config.cookie.name) }),
    headers: visit?.headers ?? new Headers(),
    waitUntil(promise: Promise<unknown>) {
      const work = promise.catch((error: unknown) => {
        throw handlerFailed('waitUntil', 'its work failed', error)
      })
      events.background(scene, work)
    },
    ...extra,
  }
}
