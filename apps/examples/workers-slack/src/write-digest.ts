import { askSlack, type SlackConnection } from './ask-slack.ts'

/** What one person gets to read in the morning. */
export interface Digest {
  /** Milliseconds since epoch. */
  readonly writtenAt: number
  readonly channels: readonly ChannelNews[]
}

/** What is new in a channel. */
export interface ChannelNews {
  readonly name: string
  readonly topic: string
  /** What was said since yesterday, the latest first; absent where the person did not allow to read it. */
  readonly messages?: readonly string[]
}

/** The scope without which a digest does not know what was said. */
export const historyScope = 'channels:history'

const day = 24 * 60 * 60
const mostChannels = '20'
const mostMessages = '5'

interface Channel {
  readonly id: string
  readonly name: string
  readonly topic?: { readonly value: string }
}

/** Writes a person's digest, from what their connection may read. Throws what the connection or Slack says no with. */
export async function writeDigest(connection: SlackConnection): Promise<Digest> {
  const { channels } = await askSlack<{ channels: readonly Channel[] }>(
    connection,
    'users.conversations',
    { types: 'public_channel', exclude_archived: 'true', limit: mostChannels },
  )
  const reads = connection.scopes.includes(historyScope)
  const news = channels.map(async ({ id, name, topic }) => ({
    name,
    topic: topic?.value ?? '',
    ...(reads && { messages: await listMessages(connection, id) }),
  }))
  return { writtenAt: Date.now(), channels: await Promise.all(news) }
}

async function listMessages(connection: SlackConnection, channel: string): Promise<string[]> {
  const oldest = String(Math.floor(Date.now() / 1000) - day)
  const { messages } = await askSlack<{ messages: readonly { text: string }[] }>(
    connection,
    'conversations.history',
    { channel, oldest, limit: mostMessages },
  )
  return messages.map(({ text }) => text)
}
