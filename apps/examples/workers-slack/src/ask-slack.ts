import type { SlackUser } from '@fetch-dance/providers/slack-user'
import type { Connection, Provider } from 'fetch-dance'

/** The providers of this app. */
export type Providers = { slack: Provider<SlackUser> }

/** What can ask Slack on a person's behalf. */
export type SlackConnection = Connection<Providers, 'slack'>

/**
 * Calls a method of Slack's Web API. Throws where Slack answers no: it does so with status 200, `ok: false` and a word.
 *
 * @param method Its name: `users.conversations`.
 */
export async function askSlack<Answer>(
  connection: SlackConnection,
  method: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await connection.fetch(`/${method}?${new URLSearchParams(parameters)}`)
  const answer = await response.json<Answer & { ok?: boolean; error?: string }>()
  if (answer.ok === true) return answer
  throw new Error(`Cannot ask Slack for ${method}: ${answer.error ?? response.status}`)
}
