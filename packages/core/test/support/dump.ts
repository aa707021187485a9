/**
 * All that can be seen of a value by whoever logs it: own members, hidden ones and getters included, an error's stack
 * and cause, a request's URL and headers.
 */
export function dump(value: unknown, depth = 8): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth === 0) return '…'
  if (value instanceof Headers) return [...value].join('\n')
  if (value instanceof URLSearchParams) return value.toString()
  if (value instanceof Request) return `${value.url}\n${[...value.headers].join('\n')}`
  const members = Object.getOwnPropertyNames(value).map((name) => {
    const member: unknown = Reflect.get(value, name)
    return `${name}: ${dump(member, depth - 1)}`
  })
  return `${String(value)} {\n${members.join('\n')}\n}`
}
