/** A provider's error, safe to show to a developer: printable ASCII, at most 500 characters each. */
export function describeError(read: (name: string) => unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of ['error', 'error_description', 'error_uri']) {
    const value = read(name)
    if (typeof value === 'string') found[name] = value.replace(/[^\x20-\x7e]/g, '').slice(0, 500)
  }
  return found
}
