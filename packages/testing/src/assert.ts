/** Throws unless a condition holds: all that the contract suites need of an assertion library. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** Throws unless two values are the same JSON. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [seen, wanted] = [
    JSON.stringify(sortMembers(actual)),
    JSON.stringify(sortMembers(expected)),
  ]
  if (seen !== wanted) throw new Error(`${what}: expected ${shorten(wanted)}, got ${shorten(seen)}`)
}

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return members.map(([name, member]) => [name, sortMembers(member)])
}

function shorten(text: string | undefined): string {
  const whole = text ?? 'undefined'
  return whole.length > 300 ? `${whole.slice(0, 300)}…` : whole
}
