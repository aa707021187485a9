/**
 * A provider's error, safe to show to a developer: printable ASCII, at most 500 characters each.
 *
 * @param secrets What the provider was sent: some repeat it in their descriptions.
 */
export function describeError(
  members: Record<string, unknown> | null | undefined,
  secrets: readonly (string | null | undefined)[],
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of ['error', 'error_description', 'error_uri']) {
    const value = members?.[name]
    if (typeof value !== 'string') continue
    let text = value.replace(/[^\x20-\x7e]/g, '')
    for (const secret of secrets) if (secret) text = text.replaceAll(secret, '(secret)')
    found[name] = text.replace(/\b(basic|bearer) \S+/gi, '$1 (secret)').slice(0, 500)
  }
  return found
}
