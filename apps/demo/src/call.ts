import { DanceError, type Visit, type VisitConnection } from 'fetch-dance'
import type { ApiCall, Service } from './services.ts'
import type { DemoProviders } from './types.ts'

/** What an API answered, ready to be shown. */
export interface ApiAnswer {
  readonly path: string
  readonly status: number
  /** The JSON, indented. */
  readonly text: string
  readonly expiresAt: number | null
}

/** Calls the API for the person: the token is refreshed on the way when it is due. */
export async function callApi(
  connection: VisitConnection<DemoProviders>,
  call: ApiCall,
): Promise<ApiAnswer> {
  const answer = await connection.fetch(call.path)
  const body = await answer.text()
  const { expiresAt } = await connection.token()
  return {
    path: call.path,
    status: answer.status,
    text: indent(body),
    expiresAt: expiresAt ?? null,
  }
}

function indent(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body // not JSON: shown as it came
  }
}

export interface WantedCall {
  readonly service: Service
  readonly call: ApiCall
}

/** The call that a URL names with `?of=lantern&call=me`; `null` where it names none. */
export function wantedCall(services: readonly Service[], url: URL): WantedCall | null {
  const service = services.find(({ name }) => name === url.searchParams.get('of'))
  const name = url.searchParams.get('call')
  if (service === undefined || (name !== 'me' && name !== 'more')) return null
  return { service, call: service.calls[name] }
}

/** `GET /call`: the same for the page's script, as JSON; the dance answers what needs a login. */
export async function callService(
  app: { readonly services: readonly Service[] },
  request: Request,
  visit: Visit<DemoProviders>,
): Promise<Response> {
  const wanted = wantedCall(app.services, new URL(request.url))
  if (wanted === null) return json({ error: 'not_found', message: 'No such call' }, 404)
  try {
    const connection = await visit.require(wanted.service.name)
    return json(await callApi(connection, wanted.call), 200)
  } catch (error) {
    if (!(error instanceof DanceError) || error.loginUrl !== undefined) throw error
    return json({ error: error.code, message: error.message }, error.status)
  }
}

function json(body: object, status: number): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
