import type { Dance, Providers, Visit } from 'fetch-dance'

/** What this package needs of the platform's `ExecutionContext`; annotate a handler's parameter with that to see it all. */
export interface WorkerContext {
  waitUntil(promise: Promise<unknown>): void
  passThroughOnException(): void
}

/** A cron trigger: the platform's `ScheduledController`. */
export interface WorkerSchedule {
  readonly scheduledTime: number
  readonly cron: string
}

/** A batch of a queue: the platform's `MessageBatch`. */
export interface WorkerBatch {
  readonly queue: string
  readonly messages: readonly { readonly body: unknown; ack(): void; retry(): void }[]
}

type Done = void | Promise<void>

/** The app's handlers: a request comes with its visit, everything else with the dance. */
export interface WorkerHandlers<P extends Providers, Env> {
  /** Answers what is none of the dance's own routes. */
  fetch(
    request: Request,
    visit: Visit<P>,
    env: Env,
    context: WorkerContext,
  ): Response | Promise<Response>
  /** Runs at a cron trigger. What the dance's connections do in the background outlives it. */
  scheduled?(on: WorkerSchedule, dance: Dance<P>, env: Env, context: WorkerContext): Done
  /** Takes a batch of a queue. What the dance's connections do in the background outlives it. */
  queue?(batch: WorkerBatch, dance: Dance<P>, env: Env, context: WorkerContext): Done
}

/** The default export of a Worker: an `ExportedHandler`. */
export interface DanceWorker<Env> {
  fetch(request: Request, env: Env, context: WorkerContext): Promise<Response>
  scheduled?(on: WorkerSchedule, env: Env, context: WorkerContext): Done
  queue?(batch: WorkerBatch, env: Env, context: WorkerContext): Done
}

/**
 * Makes a Worker of a dance and an app: the dance's own routes are the dance's, a `login_required` that the app lets
 * through becomes the way to the login, and work that outlives an answer is kept alive by `waitUntil`.
 *
 * @param create Makes the dance from the bindings; asked once for each `env` object.
 * @param handlers The app.
 * @returns The Worker's default export. `fetch` rejects with what the app throws and the dance cannot answer.
 * @example
 * ```ts
 * import { github } from '@fetch-dance/providers/github'
 * import { danceWorker } from '@fetch-dance/workers'
 * import { createDance } from 'fetch-dance'
 *
 * export default danceWorker((env) => createDance({ providers: { github: github() }, env }), {
 *   async fetch(_request, visit) {
 *     const connection = await visit.require('github')
 *     return Response.json(await connection.profile())
 *   },
 * })
 * ```
 */
export function danceWorker<P extends Providers, Env extends object>(
  create: (env: Env) => Dance<P>,
  handlers: WorkerHandlers<P, Env>,
): DanceWorker<Env> {
  const dances = new WeakMap<Env, Dance<P>>()
  const danceFor = (env: Env) => {
    const dance = dances.get(env) ?? create(env)
    dances.set(env, dance)
    return dance
  }
  return {
    fetch(request, env, context) {
      const serve = danceFor(env).wrap<[WorkerContext]>((_request, visit) =>
        handlers.fetch(request, visit, env, context),
      )
      return serve(request, context)
    },
    // only what the app has: the platform looks at which of these exist
    ...(handlers.scheduled && {
      scheduled: (on, env, context) =>
        handlers.scheduled?.(on, keptAlive(danceFor(env), context), env, context),
    }),
    ...(handlers.queue && {
      queue: (batch, env, context) =>
        handlers.queue?.(batch, keptAlive(danceFor(env), context), env, context),
    }),
  }
}

/** The same dance; a connection that it opens saves a refreshed token also after the handler has ended. */
function keptAlive<P extends Providers>(dance: Dance<P>, context: WorkerContext): Dance<P> {
  const waitUntil = (promise: Promise<unknown>) => context.waitUntil(promise)
  return { ...dance, connection: (o) => dance.connection({ waitUntil, ...o }) }
}
