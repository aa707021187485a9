import { danceServer } from '@fetch-dance/next'
import { DanceError } from 'fetch-dance'
import { listEvents } from '../calendar.ts'
import { dance, writeScope } from '../dance.ts'
import { CalendarCard } from '../parts/calendar-card.tsx'
import { ConnectCard } from '../parts/connect-card.tsx'
import { Notice } from '../parts/notice.tsx'

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The one page: it calls Google while it is rendered, with the token that the visitor's cookie holds. */
export default async function Page({ searchParams }: Props) {
  const parameters = await searchParams
  const error = one(parameters.error)
  const typed = one(parameters.text)
  const visit = await danceServer(dance)
  const connection = await visit.connection('google')
  const loginURL = connection.loginUrl({ returnTo: '/' })
  const askAgain = connection.loginUrl({ returnTo: '/', scopes: [writeScope] })
  const without = (code: string | undefined) => (
    <>
      {code && <Notice code={code} askAgain={askAgain} />}
      <ConnectCard loginURL={loginURL} />
    </>
  )
  if (!connection.authorized) return without(error)
  try {
    const [token, profile, events] = await Promise.all([
      connection.token(),
      connection.profile(),
      listEvents(connection),
    ])
    const { scopes } = connection
    return (
      <>
        {error && <Notice code={error} askAgain={askAgain} />}
        <CalendarCard {...{ profile, events, scopes, typed }} expiresAt={token.expiresAt} />
      </>
    )
  } catch (cause) {
    if (cause instanceof DanceError) return without(cause.code)
    throw cause // to error.tsx
  }
}

/** A parameter of the URL, if it is there once. */
function one(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
