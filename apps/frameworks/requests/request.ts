/** Who sends a request: what their browser holds, and what `{state}` and `{code}` stand for. */
export type Visitor =
  | 'stranger'
  /** Has a connection. */
  | 'connected'
  /** Has a connection whose token has to be refreshed. */
  | 'expired'
  /** Comes back from the provider with a code. */
  | 'returning'
  /** The same from the provider that answers with a form. */
  | 'posting'
  /** The same, eleven minutes after having left. */
  | 'late'
  /** The same, connected already. */
  | 'returning again'
  /** Has begun five logins. */
  | 'crowded'

/** A request as it goes over the wire. In the target, headers and body `{state}` and `{code}` are the visitor's. */
export interface RecordedRequest {
  readonly as: Visitor
  readonly method: string
  /** As it stands in the request line. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** In pieces it is sent piece by piece, its length unsaid. */
  readonly body?: string | readonly string[]
}

/** Requests of one theme by what is special about them. */
export type Requests = Readonly<Record<string, RecordedRequest>>

/** What a theme's list says of a request, beside its target. */
export interface Changes {
  readonly as?: Visitor
  readonly method?: string
  /** Put in the place of those of the same name; null: not sent. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** Sent before the others, also a name that is there already. */
  readonly first?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | readonly string[]
}

/** A visitor goes there by a typed URL. */
export function navigate(target: string, changes: Changes = {}): RecordedRequest {
  return request(target, changes, {
    accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'none',
  })
}

/** The provider sends the visitor there. */
export function comeBack(target: string, changes: Changes = {}): RecordedRequest {
  const headers = { 'sec-fetch-site': 'cross-site', ...changes.headers }
  return navigate(target, { as: 'returning', ...changes, headers })
}

/** A script of the app asks for JSON. */
export function ask(target: string, changes: Changes = {}): RecordedRequest {
  return request(target, changes, {
    accept: 'application/json',
    'sec-fetch-dest': 'empty',
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'same-origin',
  })
}

/** A form of the app is sent. */
export function submit(target: string, body: string, changes: Changes = {}): RecordedRequest {
  const headers = {
    origin: 'https://app.test',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
    ...changes.headers,
  }
  return navigate(target, { method: 'POST', as: 'connected', body, ...changes, headers })
}

/** Nothing is sent but what is said. */
export function bare(target: string, changes: Changes = {}): RecordedRequest {
  return request(target, changes, {})
}

function request(
  target: string,
  { as = 'stranger', method = 'GET', headers = {}, first = [], body }: Changes,
  usual: Readonly<Record<string, string>>,
): RecordedRequest {
  const named = Object.entries({ host: 'app.test', ...usual, ...headers })
  const kept = named.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return {
    as,
    method,
    target,
    headers: [...first, ...kept],
    ...(body === undefined ? {} : { body }),
  }
}
