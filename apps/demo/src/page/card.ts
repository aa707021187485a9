import type { ApiAnswer } from '../call.ts'
import { type Html, html } from '../html.ts'
import type { Service } from '../services.ts'
import { clockTime } from './log.ts'

/** What the page knows of a connection. */
export interface Card {
  readonly service: Service
  /** Path of the login route, with its query. */
  readonly connectURL: string
  readonly state: NotConnected | Connected
}

export interface NotConnected {
  readonly connected: false
  /** What became of an earlier connection; `null` where there was none. */
  readonly notice: string | null
}

export interface Connected {
  readonly connected: true
  readonly person: string
  readonly scopes: readonly string[]
  /** Seconds since the epoch; `null` for a token that does not expire. */
  readonly expiresAt: number | null
  /** Asks for the scope of the service's second call. */
  readonly moreURL: string
  readonly logoutPath: string
  readonly answer: ApiAnswer | null
}

export function connectionCard({ service, connectURL, state }: Card): Html {
  return html`
  <section class="card" id="${service.name}" aria-labelledby="${service.name}-title">
    ${state.connected ? connected(service, state) : notConnected(service, state, connectURL)}
  </section>`
}

function notConnected(service: Service, { notice }: NotConnected, connectURL: string): Html {
  return html`
  <h2 id="${service.name}-title">${service.title}</h2>
  <p class="soft">${service.about}</p>
  ${notice !== null && html`<p class="notice bad">${notice}</p>`}
  ${getForm(connectURL, html`<button class="primary">Connect ${service.title}</button>`)}`
}

function connected(service: Service, state: Connected): Html {
  return html`
  <header class="person">
    <span class="avatar" aria-hidden="true">${[...state.person][0]?.toUpperCase()}</span>
    <div>
      <h2 id="${service.name}-title">${state.person}</h2>
      <p class="soft">connected to ${service.title}</p>
    </div>
  </header>
  <dl>
    <div><dt>Scopes</dt><dd><ul class="chips">${state.scopes.map((scope) => html`<li>${scope}</li>`)}</ul></dd></div>
    <div><dt>Access token</dt><dd>${expiry(state.expiresAt, service.tokenSeconds)}</dd></div>
  </dl>
  <div class="actions">${callForm(service, 'me')}${secondCall(service, state)}</div>
  <div class="answer" aria-live="polite">${state.answer && apiAnswer(state.answer)}</div>
  <footer>
    <form method="post" action="${state.logoutPath}">
      <input type="hidden" name="returnTo" value="/">
      <button class="quiet">Disconnect</button>
    </form>
    <a href="${service.accountURL}">Your account at ${service.title}</a>
  </footer>`
}

/** The time for everybody; the page's script turns it into a countdown. */
function expiry(expiresAt: number | null, life: number | undefined): Html {
  if (expiresAt === null) return html`does not expire`
  const date = new Date(expiresAt * 1000)
  return html`expires <time datetime="${date.toISOString()}" data-expires="${expiresAt}" data-life="${life}">at ${clockTime(date)}</time>`
}

function callForm(service: Service, name: keyof Service['calls']): Html {
  const button = html`<button>${service.calls[name].label}</button>`
  return getForm(`/?of=${service.name}&call=${name}#${service.name}`, button, html` data-call`)
}

/** Where its scope is missing, the second call is a link that asks for it. */
function secondCall(service: Service, state: Connected): Html {
  const { scope, label } = service.calls.more
  if (scope === undefined || state.scopes.includes(scope)) return callForm(service, 'more')
  return html`<a class="more" href="${state.moreURL}">${label} <small>asks for the scope <code>${scope}</code></small></a>`
}

function apiAnswer(answer: ApiAnswer): Html {
  return html`
  <p><code>GET ${answer.path}</code> answered <strong>${answer.status}</strong></p>
  <pre tabindex="0"><code>${answer.text}</code></pre>`
}

/** A form that leads to a URL: a button that works without a script, and that no browser prefetches. */
function getForm(address: string, button: Html, attributes?: Html): Html {
  const url = new URL(address, 'http://localhost')
  const fields = [...url.searchParams].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="get" action="${url.pathname}${url.hash}"${attributes}>${fields}${button}</form>`
}
