import type { Profile } from 'fetch-dance'
import { html } from 'hono/html'
import type { Repository } from './list-repositories.ts'

type Markup = ReturnType<typeof html>

export interface ConnectPage {
  readonly loginURL: string
  /** Code of a login that did not end well. */
  readonly error: string | undefined
}

export function connectPage({ loginURL, error }: ConnectPage): Markup {
  return layout(html`
    ${intro}
    ${errorNotice(error)}
    <section class="card">
      <h2>GitHub</h2>
      <p class="soft">Lists what you worked on last. It asks to read your profile and e-mail address; private repositories are asked for later.</p>
      <a class="button primary" href="${loginURL}">Connect GitHub</a>
    </section>`)
}

export interface HomePage {
  readonly profile: Profile
  readonly repositories: readonly Repository[]
  readonly scopes: readonly string[]
  /** Seconds since the epoch; nothing for a token that does not end. */
  readonly expiresAt: number | undefined
  readonly logoutPath: string
  readonly error: string | undefined
}

export function homePage(page: HomePage): Markup {
  const { name = 'Somebody', picture } = page.profile
  return layout(html`
    ${intro}
    ${errorNotice(page.error)}
    <section class="card">
      <header class="person">
        ${picture && html`<img class="avatar" src="${picture}" alt="">`}
        <div><h2>${name}</h2><p class="soft">connected to GitHub</p></div>
      </header>
      <dl>
        <div><dt>Scopes</dt><dd><ul class="chips">${page.scopes.map((scope) => html`<li>${scope}</li>`)}</ul></dd></div>
        <div><dt>Access token</dt><dd>${expiry(page.expiresAt)}</dd></div>
      </dl>
      <h2>Public repositories</h2>
      ${repositoryList(page.repositories)}
      <p class="actions"><a class="button" href="/private">Private repositories
        ${page.scopes.includes('repo') ? '' : html`<small>asks for the scope <code>repo</code></small>`}</a></p>
      <footer><form method="post" action="${page.logoutPath}"><button class="quiet">Disconnect</button></form></footer>
    </section>`)
}

export function privatePage(repositories: readonly Repository[]): Markup {
  return layout(html`
    ${intro}
    <section class="card">
      <h2>Private repositories</h2>
      ${repositoryList(repositories)}
      <p><a href="/">Back to all that is public</a></p>
    </section>`)
}

export function errorPage(code: string): Markup {
  return layout(html`${intro}${errorNotice(code)}<p><a href="/">Start again</a></p>`)
}

const intro = html`
  <div class="intro">
    <h1>My repositories</h1>
    <p>What you worked on last, from your own GitHub account.</p>
  </div>`

function repositoryList(repositories: readonly Repository[]): Markup {
  if (repositories.length === 0) return html`<p class="soft">None.</p>`
  return html`<ul class="rows">${repositories.map(
    ({ full_name, html_url, description }) => html`
      <li><a href="${html_url}">${full_name}</a> <small>${description}</small></li>`,
  )}</ul>`
}

function expiry(expiresAt: number | undefined): Markup | string {
  if (expiresAt === undefined) return 'does not end'
  const date = new Date(expiresAt * 1000)
  const time = date.toLocaleTimeString('en-GB')
  return html`good until <time datetime="${date.toISOString()}">${time}</time>, then refreshed`
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
    'The connection has ended: GitHub no longer accepts its token. Connect again to go on.',
  ],
  [
    'provider_unavailable',
    'GitHub cannot be asked right now. The connection is kept: try again later.',
  ],
])

function errorNotice(error: string | undefined): Markup | string {
  if (error === undefined) return ''
  const text = reasons.get(error) ?? `That did not work out (${error}). Please try again.`
  const look = error === 'access_denied' ? 'notice' : 'notice bad'
  return html`<p class="${look}" role="status">${text}</p>`
}

function layout(body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>My repositories</title>
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <header class="top"><strong>fetch-dance</strong> <span>hono-github</span></header>
  <main>${body}</main>
</body>
</html>`
}
