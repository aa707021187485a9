import { DanceError } from 'fetch-dance'
import { type Isolate, origin } from './isolate.ts'
import type { Simulation } from './simulation.ts'

type Handler = (request: Request) => Promise<Response>
type Visit = ReturnType<Isolate['dance']['visit']>

/** What a caller was told: an access token or the status of an API call, else why there is none. */
export interface Said {
  readonly token?: string
  readonly status?: number
  readonly code?: string
  readonly reason?: string | null
}

/** A request that needs the token; null where the isolate died of it. */
export function askToken(simulation: Simulation, isolate: Isolate): Promise<Said | null> {
  return visit(simulation, isolate, async (visit) => {
    const connection = await visit.connection('fake')
    return connection.token().then(
      ({ accessToken }) => ({ token: accessToken }),
      (error: unknown) => refusal(error, connection.reason),
    )
  })
}

/** A request that calls the API, and that somebody leaves who has no more patience, in milliseconds. */
export function callApi(
  simulation: Simulation,
  isolate: Isolate,
  patience: number,
): Promise<Said | null> {
  const leaving = new AbortController()
  simulation.clock.sleep(patience).then(() => leaving.abort())
  return visit(simulation, isolate, async (visit) => {
    const connection = await visit.connection('fake')
    return connection.fetch('/user', { signal: leaving.signal }).then(
      ({ status }) => ({ status }),
      (error: unknown) => (leaving.signal.aborted ? {} : refusal(error, connection.reason)),
    )
  })
}

/** A request that disconnects. */
export function disconnect(simulation: Simulation, isolate: Isolate): Promise<Said | null> {
  return visit(simulation, isolate, async (visit) => {
    const connection = await visit.connection('fake')
    const { remote } = await connection.disconnect()
    return { code: remote }
  })
}

/** A person logs in, the login route in one isolate and the callback in another; the status of the last answer. */
export async function logIn(simulation: Simulation, choose: () => Isolate): Promise<number> {
  const first = choose()
  const begun = await send(simulation, first, first.dance.handle, `${origin}/login/fake`)
  const authorization = begun?.headers.get('location') ?? ''
  if (begun?.status !== 302) return begun?.status ?? 0
  const decided = await simulation.provider.fake.fetch(authorization, { redirect: 'manual' })
  const callback = decided.headers.get('location') ?? ''
  const second = choose()
  return (await send(simulation, second, second.dance.handle, callback))?.status ?? 0
}

async function visit(
  simulation: Simulation,
  isolate: Isolate,
  use: (visit: Visit) => Promise<Said>,
): Promise<Said | null> {
  let said: Said | null = null
  const app = isolate.dance.wrap(async (_request, visit) => {
    said = await use(visit).catch((error: unknown) => refusal(error, null))
    return new Response()
  })
  const answer = await send(simulation, isolate, app, `${origin}/`)
  return answer && said
}

/** Sends a request with the cookies of now; the answer's come a little later, perhaps after those of a later request. */
async function send(
  { clock, random, jar }: Simulation,
  isolate: Isolate,
  app: Handler,
  url: string,
): Promise<Response | null> {
  const answered = jar.copy().send((request) => clock.as(isolate, () => app(request)), url)
  const answer = await Promise.race([answered, isolate.death])
  if (!answer) return null
  await clock.sleep(random.chance(0.05) ? random.between(500, 4000) : random.between(5, 100))
  jar.store(answer, url)
  return answer
}

function refusal(error: unknown, reason: string | null): Said {
  if (!(error instanceof DanceError)) throw error
  return { code: error.code, reason }
}
