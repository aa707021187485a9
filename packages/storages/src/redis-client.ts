/** What is used of a client of the package `redis`. */
export interface NodeRedis {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** What is used of a client of the package `ioredis`. */
export interface IoRedis {
  readonly defineCommand: unknown
  eval(script: string, numberOfKeys: number, ...keysAndValues: string[]): Promise<unknown>
}

/** What is used of a client of the package `@upstash/redis`. */
export interface UpstashRedis {
  readonly createScript: unknown
  eval(script: string, keys: string[], values: string[]): Promise<unknown>
}

/** One of the three clients. They are told apart by a method that only one of them has. */
export type RedisClient = NodeRedis | IoRedis | UpstashRedis

/**
 * Runs a script through whichever client it is.
 *
 * @param client One of the three.
 * @param script Lua that answers a text which is no JSON: Upstash's client parses whatever is.
 * @param keys All keys that the script touches.
 * @param values Its other arguments.
 * @returns The text; '' for nil. What the client throws is thrown without the command.
 */
export async function runScript(
  client: RedisClient,
  script: string,
  keys: string[],
  values: string[],
): Promise<string> {
  try {
    return String((await evaluate(client, script, keys, values)) ?? '')
  } catch (error) {
    throw withoutCommand(error)
  }
}

function evaluate(
  client: RedisClient,
  script: string,
  keys: string[],
  values: string[],
): Promise<unknown> {
  if ('defineCommand' in client) return client.eval(script, keys.length, ...keys, ...values)
  if ('createScript' in client) return client.eval(script, keys, values)
  return client.eval(script, { keys, arguments: values })
}

/** Two of the clients put the whole command into their errors, with what was to be stored. It belongs into no log. */
function withoutCommand(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  return new Error(`Cannot ask Redis: ${message.replace(/, command was: .*/s, '')}`)
}
