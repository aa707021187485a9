import { type Html, html } from '@fetch-dance/examples-stage/html'
import type { Profile } from 'fetch-dance'
import { type PlayedTrack, recentScope, type Track } from './list-tracks.ts'

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
      <h2>Spotify</h2>
      <p class="soft">Lists what you played most lately. It asks for that and for your profile, and changes nothing.</p>
      <a class="button primary" href="${loginURL}">Connect Spotify</a>
    </section>`
}

interface HomePage {
  readonly profile: Profile
  readonly tracks: readonly Track[]
  readonly scopes: readonly string[]
  /** Seconds since epoch; nothing for a token that does not end. */
  readonly expiresAt: number | undefined
  readonly error: string | null
}

/** What somebody sees who has connected. */
export function homePage({ profile, tracks, ...page }: HomePage): Html {
  const { name = 'Somebody', picture } = profile
  return html`
    ${errorNotice(page.error)}
    <section class="card">
      <header class="person">
        ${picture && html`<img class="avatar" src="${picture}" alt="">`}
        <div><h2>${name}</h2><p class="soft">connected to Spotify</p></div>
      </header>
      <dl>
        <div><dt>Scopes</dt><dd><ul class="chips">${page.scopes.map((scope) => html`<li>${scope}</li>`)}</ul></dd></div>
        <div><dt>Access token</dt><dd>${expiry(page.expiresAt)}</dd></div>
      </dl>
      <h2>Top tracks of four weeks</h2>
      ${trackList(tracks.map((track) => ({ track })))}
      <p class="actions"><a class="button" href="/recent">What was on last
        ${!page.scopes.includes(recentScope) && html`<small>asks for the scope <code>${recentScope}</code></small>`}</a></p>
      <footer>
        <form method="post" action="/login/spotify/logout"><button class="quiet">Disconnect</button></form>
      </footer>
    </section>`
}

/** What was played last. */
export function recentPage(tracks: readonly PlayedTrack[]): Html {
  return html`
    <section class="card">
      <h2>What was on last</h2>
      ${trackList(tracks)}
      <p><a href="/">Back to the top tracks</a></p>
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
    "default-src 'none'; style-src 'self'; img-src data: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // with no-referrer a browser does not say where the form that disconnects comes from
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

interface Row {
  readonly track: Track
  readonly played_at?: string
}

function trackList(rows: readonly Row[]): Html {
  if (rows.length === 0) return html`<p class="soft">None.</p>`
  return html`<ul class="rows">${rows.map(
    ({ track, played_at }) => html`
      <li><a href="${track.external_urls.spotify}">${track.name}</a>
        <small>${track.artists.map(({ name }) => name).join(', ')}${played_at && html` · ${timeOf(new Date(played_at))}`}</small></li>`,
  )}</ul>`
}

function expiry(expiresAt: number | undefined): Html | string {
  if (expiresAt === undefined) return 'does not end'
  return html`good until ${timeOf(new Date(expiresAt * 1000))}, then refreshed`
}

function timeOf(date: Date): Html {
  return html`<time datetime="${date.toISOString()}">${date.toLocaleTimeString('en-GB')}</time>`
}

/** The codes that a person can do something about; all others are told as they are. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['access_denied', 'You declined, and that is fine: nothing has changed.'],
  [
    'cookies_blocked',
    'This browser keeps no cookies for this site: without them nobody can connect.',
  ],
  ['flow_expired', 'That took too long. Please start again.'],
  [
    'login_required',
    'The connection has ended: Spotify no longer accepts its token. Connect again.',
  ],
  ['not_found', 'There is no such page.'],
  [
    'provider_unavailable',
    'Spotify cannot be asked right now. The connection is kept: try again later.',
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
  <title>On repeat</title>
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <header class="top"><strong>fetch-dance</strong> <span>deno-spotify</span></header>
  <main>
    <div class="intro">
      <h1>On repeat</h1>
      <p>What you listen to, from your own Spotify account.</p>
    </div>
    ${body}
  </main>
</body>
</html>`
}
