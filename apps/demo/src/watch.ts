import type { Journal } from './journal.ts'
import type { DemoDance, DemoProviders, Entry } from './types.ts'
import { visitorOf } from './visitor.ts'

const titles: Readonly<Record<keyof DemoProviders, string>> = {
  lantern: 'Lantern',
  github: 'GitHub',
}

/** Writes every event of the dance into the journal, in words. */
export function watchDance(dance: DemoDance, journal: Journal): void {
  const tell = (
    { request }: { readonly request?: Request },
    name: string,
    text: string,
    tone: Entry['tone'] = 'plain',
  ): void => journal.add(visitorOf(request), { name, text, tone })
  const { on } = dance.events

  on('beforeLogin', (event) => {
    const scopes = event.params.get('scope') ?? ''
    tell(event, 'beforeLogin', `Off to ${titles[event.provider]}, asking for ${scopes}`)
  })
  on('authorized', (event) => {
    const granted = event.scopes.granted.join(' ')
    tell(event, 'authorized', `${titles[event.provider]} said yes to ${granted}`, 'good')
  })
  on('stored', (event) => {
    tell(event, 'stored', 'The token is sealed, in a cookie of this browser alone')
  })
  on('refreshed', (event) => {
    const text = `${titles[event.provider]} gave a new access token; nobody had to sign in`
    tell(event, 'refreshed', text, 'good')
  })
  on('scopesChanged', (event) => {
    const { before, connection } = event
    tell(event, 'scopesChanged', `From ${before.join(' ')} to ${connection.scopes.join(' ')}`)
  })
  on('needsLogin', (event) => {
    tell(event, 'needsLogin', `The connection has ended: ${event.reason}`, 'bad')
  })
  on('disconnected', (event) => {
    const remote = outcomes[event.remote](titles[event.provider])
    tell(event, 'disconnected', `The token is forgotten here. ${remote}`)
  })
  on('error', (event) => {
    const tone = event.error.code === 'access_denied' ? 'plain' : 'bad'
    tell(event, 'error', `${event.error.code}: ${event.error.message}`, tone)
  })
}

const outcomes = {
  revoked: (title: string) => `${title} revoked it.`,
  unsupported: (title: string) => `${title} has no way to revoke it.`,
  failed: (title: string) => `${title} did not confirm that it is revoked.`,
  skipped: (title: string) => `${title} was not asked.`,
}
