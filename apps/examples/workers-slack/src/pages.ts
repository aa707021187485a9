import { type Html, html } from '@fetch-dance/examples-stage/html'
import type { SlackUser } from '@fetch-dance/providers/slack-user'
import type { Profile } from 'fetch-dance'
import { type ChannelNews, type Digest, historyScope } from './write-digest.ts'

interface ConnectPage {
  readonly loginURL: string
  /** Code of what did not end well. */
  readonly error: string | null
}

/** What a visitor sees who has not connected. */
export function connectPage({ loginURL, error }: ConnectPage): Html {
  return html`
    ${errorNotice(error)}
    <section class="card">
      <h2>Slack</h2>
      <p class="soft">Reads which channels you are in, and writes your digest at six every morning. Connecting is all:
        there is no other account here.</p>
      <a class="button primary" href="${loginURL}">Connect Slack</a>
    </section>`
}

interface HomePage {
  readonly profile: Profile<SlackUser>
  readonly scopes: readonly string[]
  /** Seconds since epoch; nothing for a token that does not end. */
  readonly expiresAt: number | undefined
  readonly digest: Digest | null
  /** Whether wrangler runs the Worker, and its cron trigger can be pulled by hand. */
  readonly onThisMachine: boolean
  readonly error: string | null
}

/** What somebody sees who has connected. */
export function homePage({ profile, digest, ...page }: HomePage): Html {
  const reads = page.scopes.includes(historyScope)
  return html`
    ${errorNotice(page.error)}
    <section class="card">
      <header><h2>${profile.name}</h2><p class="soft">connected to ${profile.raw.team}</p></header>
      <dl>
        <div><dt>Scopes</dt><dd><ul class="chips">${page.scopes.map((scope) => html`<li>${scope}</li>`)}</ul></dd></div>
        <div><dt>Access token</dt><dd>${expiry(page.expiresAt)}</dd></div>
      </dl>
      <h2>My last digest</h2>
      ${digest ? digestOf(digest) : html`<p class="soft">None yet: the first comes at six tomorrow.</p>`}
      <div class="actions">
        <form method="post" action="/digest"><button>Write mine now</button></form>
        ${!reads && html`<a class="button" href="/messages">Include what was said <small>asks for the scope <code>${historyScope}</code></small></a>`}
      </div>
      ${page.onThisMachine && cronHint}
      <footer>
        <form method="post" action="/disconnect"><button class="quiet">Disconnect</button></form>
        <form method="post" action="/sign-out"><button>Sign out here</button></form>
      </footer>
    </section>`
}

/** What did not work, where nothing else can be shown. */
export function errorPage(code: string): Html {
  return html`${errorNotice(code)}<p><a href="/">Start again</a></p>`
}

/** Answers with a page. */
export function respond(body: Html, status = 200): Response {
  return new Response(layout(body).markup, { status, headers })
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

const cronHint = html`<p class="soft">On this machine nobody waits for six o'clock:
  <a href="/cdn-cgi/handler/scheduled">run the cron trigger</a>, which writes everybody's digest, then come back.</p>`

function digestOf({ writtenAt, channels }: Digest): Html {
  if (channels.length === 0) return html`<p class="soft">You are in no channel.</p>`
  return html`
    <p class="soft">Written at ${timeOf(writtenAt)}</p>
    <ul class="rows">${channels.map(channelRow)}</ul>`
}

function channelRow({ name, topic, messages }: ChannelNews): Html {
  const count = messages && `${messages.length === 0 ? 'nothing' : messages.length} new`
  return html`<li><strong>#${name}</strong> <small>${[topic, count].filter(Boolean).join(' · ')}</small>
    ${messages?.map((text) => html`<p>${text}</p>`)}</li>`
}

function expiry(expiresAt: number | undefined): Html | string {
  if (expiresAt === undefined) return 'does not end'
  return html`good until ${timeOf(expiresAt * 1000)}, then refreshed`
}

/** A time in the words of everybody: what is in the attribute is exact. */
function timeOf(milliseconds: number): Html {
  const date = new Date(milliseconds)
  const time = date.toLocaleTimeString('en-GB', { timeZone: 'UTC' })
  return html`<time datetime="${date.toISOString()}">${time} UTC</time>`
}

/** The codes that a person can do something about; all others are told as they are. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['access_denied', 'You declined, and that is fine: nothing has changed.'],
  [
    'cookies_blocked',
    'This browser keeps no cookies for this site: without them nobody can connect.',
  ],
  ['flow_expired', 'That took too long. Please start again.'],
  ['login_required', 'The connection has ended: Slack no longer accepts its token. Connect again.'],
  ['not_found', 'There is no such page.'],
  [
    'provider_unavailable',
    'Slack cannot be asked right now. The connection is kept: try again later.',
  ],
])

function errorNotice(error: string | null): Html | null {
  if (error === null) return null
  const text = reasons.get(error) ?? `That did not work out (${error}). Please try again.`
  return html`<p class="notice bad" role="status">${text}</p>`
}

function layout(body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Morning digest</title>
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <header class="top"><strong>fetch-dance</strong> <span>workers-slack</span></header>
  <main>
    <div class="intro">
      <h1>Morning digest</h1>
      <p>What is new in your Slack channels, every day before breakfast.</p>
    </div>
    ${body}
  </main>
</body>
</html>`
}
