import type { Profile } from 'fetch-dance'
import { add, disconnect } from '../app/actions.ts'
import type { CalendarEvent } from '../calendar.ts'
import { writeScope } from '../dance.ts'

interface Props {
  readonly profile: Profile
  readonly events: readonly CalendarEvent[]
  readonly scopes: readonly string[]
  /** Seconds since epoch; nothing for a token that does not end. */
  readonly expiresAt: number | undefined
  /** What was typed before the visitor was sent to give a permission. */
  readonly typed: string | undefined
}

/** What somebody sees who has connected. */
export function CalendarCard({ profile, events, scopes, expiresAt, typed }: Props) {
  return (
    <section className="card">
      <header className="person">
        {profile.picture && (
          <img className="avatar" src={profile.picture} alt="" referrerPolicy="no-referrer" />
        )}
        <div>
          <h2>{profile.name}</h2>
          <p className="soft">connected to Google</p>
        </div>
      </header>
      <dl>
        <div>
          <dt>Scopes</dt>
          <dd>
            <ul className="chips">
              {scopes.map((scope) => (
                <li key={scope}>{shortName(scope)}</li>
              ))}
            </ul>
          </dd>
        </div>
        <div>
          <dt>Access token</dt>
          <dd>{expiresAt === undefined ? 'does not end' : <Expiry at={expiresAt} />}</dd>
        </div>
      </dl>
      <h2>What comes next</h2>
      <EventList events={events} />
      <AddForm canWrite={scopes.includes(writeScope)} typed={typed} />
      <footer>
        <form action={disconnect}>
          <button className="quiet" type="submit">
            Disconnect
          </button>
        </form>
      </footer>
    </section>
  )
}

function EventList({ events }: { events: readonly CalendarEvent[] }) {
  if (events.length === 0) return <p className="soft">Nothing.</p>
  return (
    <ul className="rows">
      {events.map(({ id, summary, start }) => (
        <li key={id}>
          <span>{summary ?? 'Busy'}</span> <small>{timeOf(start.dateTime ?? start.date)}</small>
        </li>
      ))}
    </ul>
  )
}

function AddForm({ canWrite, typed }: { canWrite: boolean; typed: string | undefined }) {
  return (
    <form action={add}>
      <label htmlFor="text">Something new</label>
      <input id="text" name="text" required maxLength={200} defaultValue={typed ?? suggestion} />
      {canWrite && typed !== undefined && <p role="status">You can add it now.</p>}
      <button type="submit">Add to my calendar</button>{' '}
      {!canWrite && (
        <small className="soft">
          asks for the scope <code>{shortName(writeScope)}</code>
        </small>
      )}
    </form>
  )
}

const suggestion = 'Tea with Charles tomorrow at 4 pm'

/** Google's scopes are URLs: their last part says what they are. */
function shortName(scope: string): string {
  return scope.slice(scope.lastIndexOf('/') + 1)
}

function Expiry({ at }: { at: number }) {
  const iso = new Date(at * 1000).toISOString()
  return (
    <>
      good until <time dateTime={iso}>{iso.slice(11, 19)} UTC</time>, then refreshed
    </>
  )
}

/** Google tells a time with the calendar's own offset: it is shown as it is there. */
function timeOf(time: string | undefined): string {
  return time?.slice(0, 16).replace('T', ' ') ?? ''
}
