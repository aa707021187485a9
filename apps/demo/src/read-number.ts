/** A setting from the environment: a port, or a number of seconds. */
export function readNumber(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  otherwise: number,
): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  const number = Number(text)
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number
  throw new Error(`Cannot start: ${name} is "${text}", not a whole number between 1 and 65535`)
}
