/** One line of the script of faults. Without an answer of its own (`status`, `body`, `redirect`, `huge`) the true one is delayed or dripped. */
export interface Fault {
  /** `authorize`, `token`, `revoke`, `userinfo`, `jwks`, `discovery`, `api`, or a path such as `/api/user`. */
  readonly endpoint: string
  /** How many answers it spoils; 1 unless given, `Infinity` for all. */
  readonly times?: number
  /** How many answers it lets through first. */
  readonly skip?: number
  /** The status; what a provider says with it is added (400 at the token endpoint: `invalid_grant`). */
  readonly status?: number
  /** The body: text, or what becomes JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Redirects there, with 302 unless `status` says otherwise. */
  readonly redirect?: string
  /** A JSON body of that many octets, made while it is read. */
  readonly huge?: number
  /** Milliseconds before the answer. */
  readonly delay?: number
  /** Never answers; ends only with the request's `signal`. */
  readonly hang?: boolean
  /** Milliseconds before each octet of the body. */
  readonly drip?: number
  /** Rejects with a TypeError, as `fetch` does when the network fails. */
  readonly networkError?: boolean
  /** The provider does its work first, and then the fault replaces the answer: a rotated token that never arrives. */
  readonly afterwards?: boolean
}

/** The script of faults of one fake provider. */
export interface FaultScript {
  /** Adds a fault; the returned function takes it back. */
  add(fault: Fault): () => void
  /** Forgets all faults. */
  clear(): void
  /** The fault for this request, if its turn has come. */
  take(endpoint: string, path: string): Fault | undefined
}

/** Makes an empty script. */
export function createFaultScript(endpoints: readonly string[]): FaultScript {
  let lines: { fault: Fault; skip: number; times: number }[] = []
  return {
    add(fault) {
      if (!fault.endpoint.startsWith('/') && !endpoints.includes(fault.endpoint)) {
        throw new TypeError(
          `Cannot add the fault: endpoint "${fault.endpoint}" is neither a path nor one of ${endpoints.join(', ')}`,
        )
      }
      const line = { fault, skip: fault.skip ?? 0, times: fault.times ?? 1 }
      lines.push(line)
      return () => {
        lines = lines.filter((other) => other !== line)
      }
    },
    clear() {
      lines = []
    },
    take(endpoint, path) {
      const matching = lines.filter(({ fault }) => [endpoint, path].includes(fault.endpoint))
      const line = matching.find((one) => one.skip === 0)
      for (const waiting of matching) if (waiting.skip > 0) waiting.skip -= 1
      if (line === undefined) return undefined
      line.times -= 1
      if (line.times <= 0) lines = lines.filter((other) => other !== line)
      return line.fault
    },
  }
}
