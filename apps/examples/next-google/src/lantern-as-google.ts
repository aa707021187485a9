import type { Example } from '@fetch-dance/examples-stage'

/** What Lantern has to know to stand in for Google: scopes in words, and the API in Google's shape. */
export const lanternAsGoogle: Pick<Example, 'scopes' | 'resources'> = {
  scopes: {
    'https://www.googleapis.com/auth/calendar.readonly': 'See your calendar',
    'https://www.googleapis.com/auth/calendar.events': 'Add and change events in your calendar',
  },
  resources: {
    'GET /calendar/v3/calendars/primary/events': {
      scope: 'https://www.googleapis.com/auth/calendar.readonly',
      answer: ({ id }) => ({ kind: 'calendar#events', items: calendarOf(id) }),
    },
    'POST /calendar/v3/calendars/primary/events/quickAdd': {
      scope: 'https://www.googleapis.com/auth/calendar.events',
      answer({ id }, _body, { query }) {
        const event = eventIn(1, query.get('text') ?? '')
        calendarOf(id).push(event)
        return event
      },
    },
  },
}

type CalendarEvent = ReturnType<typeof eventIn>
const calendars = new Map<string, CalendarEvent[]>()

/** Everybody's calendar begins alike. */
function calendarOf(account: string): CalendarEvent[] {
  const events = calendars.get(account) ?? [
    eventIn(1, 'Letter to Mr Babbage'),
    eventIn(2, 'Note G: the Bernoulli numbers'),
  ]
  calendars.set(account, events)
  return events
}

function eventIn(days: number, summary: string) {
  const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  return {
    kind: 'calendar#event',
    id: crypto.randomUUID(),
    summary,
    start: { dateTime: `${day}T16:00:00Z` },
    end: { dateTime: `${day}T17:00:00Z` },
  }
}
