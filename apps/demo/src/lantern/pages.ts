import { type Html, html } from '../html.ts'
import type { Account } from './accounts.ts'
import type { LanternClient } from './client.ts'

export interface LoginPage {
  readonly client: LanternClient
  readonly uid: string
  /** What was wrong with the name that was sent, if one was. */
  readonly problem?: string
}

export function loginPage({ client, uid, problem }: LoginPage): Html {
  return layout(
    'Sign in to Lantern',
    html`
    <h1>Sign in to Lantern</h1>
    <p class="lead">to continue to <strong>${client.name}</strong></p>
    <form method="post" action="/interaction/${uid}/login">
      <label for="name">Your name</label>
      <input id="name" name="name" type="text" required maxlength="60" autocomplete="name"
        autocapitalize="words" spellcheck="false" autofocus
        aria-describedby="name-hint"${problem && html` aria-invalid="true"`}>
      <p id="name-hint" class="${problem ? 'hint problem' : 'hint'}">${
        problem ??
        `Any name signs in: Lantern lives on this machine, and only for as long as ${client.name} runs.`
      }</p>
      <button class="primary" type="submit">Sign in</button>
    </form>
    <form method="post" action="/interaction/${uid}/decline">
      <button class="quiet" type="submit">Cancel and go back</button>
    </form>`,
  )
}

export interface ConsentPage {
  readonly client: LanternClient
  readonly uid: string
  readonly account: Account
  /** Scopes that are asked for now. */
  readonly asked: readonly string[]
  /** Scopes that were allowed before. */
  readonly allowed: readonly string[]
}

export function consentPage({ client, uid, account, asked, allowed }: ConsentPage): Html {
  return layout(
    `Allow ${client.name}?`,
    html`
    <p class="who"><span class="avatar" aria-hidden="true">${initial(account.name)}</span>
      <span>Signed in as <strong>${account.name}</strong></span></p>
    <h1>Allow <span class="name">${client.name}?</span></h1>
    <p class="lead">It ${allowed.length > 0 ? 'also ' : ''}asks to:</p>
    ${scopeList(client, asked)}
    ${allowed.length > 0 && html`<p class="hint">Allowed before: ${allowed.join(', ')}.</p>`}
    <form method="post" action="/interaction/${uid}/allow" class="choice">
      <button class="primary" type="submit">Allow</button>
      <button type="submit" formaction="/interaction/${uid}/decline">Decline</button>
    </form>
    <form method="post" action="/interaction/${uid}/switch">
      <button class="quiet" type="submit">Use another name</button>
    </form>`,
  )
}

function scopeList(client: LanternClient, scopes: readonly string[]): Html {
  const items = scopes.map(
    (scope) => html`<li><span>${client.scopes[scope] ?? scope}</span> <code>${scope}</code></li>`,
  )
  return html`<ul class="scopes">${items}</ul>`
}

export interface AccountPage {
  readonly client: LanternClient
  readonly account: Account | undefined
  /** Scopes the app holds for this person; `null` where it holds none. */
  readonly granted: readonly string[] | null
}

export function accountPage({ client, account, granted }: AccountPage): Html {
  const body =
    account === undefined
      ? html`<p class="lead">Nobody is signed in here.</p>`
      : html`<p class="lead">Signed in as <strong>${account.name}</strong></p>
        <h2>Apps with access</h2>${granted ? grantedApp(client, granted) : html`<p>None.</p>`}`
  return layout(
    'Your Lantern account',
    html`<h1>Your account</h1>${body}<p class="back"><a href="${client.home}">Back to ${client.name}</a></p>`,
  )
}

function grantedApp(client: LanternClient, granted: readonly string[]): Html {
  return html`
    <p class="app"><strong>${client.name}</strong> may:</p>
    ${scopeList(client, granted)}
    <form method="post" action="/remove"><button type="submit">Remove access</button></form>`
}

export interface Problem {
  readonly error: string
  readonly error_description?: string | undefined
}

/** What could not be answered; `over` where the page merely belongs to a sign-in that has ended. */
export function problemPage(client: LanternClient, problem: Problem, over: boolean): Html {
  const [title, lead] = over
    ? [
        'This page has done its work',
        'The sign-in it belonged to is finished, or has waited too long. Nothing is broken.',
      ]
    : ['Lantern cannot answer this', 'The request is not one that Lantern understands or allows.']
  return layout(
    title,
    html`
    <h1>${title}</h1>
    <p class="lead">${lead}</p>
    <p class="hint"><code>${problem.error}</code> ${problem.error_description}</p>
    <p class="back"><a class="primary" href="${client.home}">Back to ${client.name}</a></p>`,
  )
}

function layout(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} · Lantern</title>
  <link rel="icon" href="/lantern.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/lantern.css">
  <link rel="stylesheet" href="/lantern-form.css">
</head>
<body>
  <main>
    <p class="brand"><img src="/lantern.svg" alt="" width="36" height="36"> Lantern</p>
    ${body}
  </main>
</body>
</html>`
}

function initial(name: string): string {
  return [...name][0]?.toUpperCase() ?? ''
}
