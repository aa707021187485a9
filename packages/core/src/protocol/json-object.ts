/** Whether a value is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The JSON object an answer holds; null where it holds anything else. */
export async function objectIn(response: Response): Promise<Record<string, unknown> | null> {
  const value: unknown = await response.json().catch(() => null)
  return isObject(value) ? value : null
}
