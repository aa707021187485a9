import type { Connection } from 'fetch-dance'

/** What can ask Google on a person's behalf. */
type Caller = Pick<Connection<{ google: never }>, 'fetch'>

/** An event as Google's API describes it; what is used of it. */
export interface CalendarEvent {
  readonly id: string
  readonly summary?: string
  /** `date` alone, where it takes the whole day. */
  readonly start: { readonly dateTime?: string; readonly date?: string }
}

const events = '/calendar/v3/calendars/primary/events'

/** The next ten events. Throws where Google answers anything but 200. */
export async function listEvents(connection: Caller): Promise<CalendarEvent[]> {
  const query = new URLSearchParams({
    timeMin: new Date().toISOString(),
    singleEvents: 'true',
    orderBy: 'startTime',
    maxResults: '10',
  })
  const { items } = await ask<{ items: CalendarEvent[] }>(connection, `${events}?${query}`, 'GET')
  return items
}

/** Adds an event that is told in words: "Tea with Charles tomorrow at 4 pm". */
export function addEvent(connection: Caller, text: string): Promise<CalendarEvent> {
  const query = new URLSearchParams({ text })
  return ask<CalendarEvent>(connection, `${events}/quickAdd?${query}`, 'POST')
}

async function ask<Answer>(connection: Caller, path: string, method: string): Promise<Answer> {
  const answer = await connection.fetch(path, { method })
  if (!answer.ok) throw new Error(`Cannot ask for the calendar: Google answered ${answer.status}`)
  return answer.json()
}
