import { type Html, html } from '../html.ts'
import type { Entry } from '../types.ts'
import { type Card, connectionCard } from './card.ts'
import { logPanel } from './log.ts'

export interface HomePage {
  readonly cards: readonly Card[]
  readonly entries: readonly Entry[]
  /** The code of a login that did not end well, from the URL. */
  readonly error: string | null
}

export function homePage({ cards, entries, error }: HomePage): Html {
  return layout(html`
  <div class="intro">
    <h1>One button, <span>the whole dance</span></h1>
    <p>Connect an account: you are sent off and come back with a token, which is sealed,
      refreshed when due, and given back when you say so.</p>
  </div>
  ${error !== null && errorNotice(error)}
  <div class="stage">
    <div class="cards">${cards.map(connectionCard)}</div>
    ${logPanel(entries)}
  </div>
  ${thingsToTry()}`)
}

function errorNotice(error: string): Html {
  if (error === 'access_denied') {
    return html`<p class="notice" role="status">You declined, and that is fine: nothing has changed, and nothing starts again by itself.</p>`
  }
  return html`<p class="notice bad" role="status">That did not work out (<code>${error}</code>). Nothing was stored; try again.</p>`
}

function thingsToTry(): Html {
  return html`
  <section class="try" aria-labelledby="try-title">
    <h2 id="try-title">Things to try</h2>
    <ol>
      <li><strong>Wait for the countdown,</strong> then ask who you are: <code>refreshed</code> shows up in the log, and nobody had to sign in.</li>
      <li><strong>Read your notes:</strong> Lantern asks you for that one scope more.</li>
      <li><strong>Decline</strong> on Lantern’s page, or go back with the browser’s button.</li>
      <li><strong>Remove access</strong> on Lantern’s side, then come back here and call.</li>
      <li><strong>Open another browser:</strong> it has a connection and a log of its own.</li>
      <li><strong>Switch JavaScript off:</strong> all of it but the countdown goes on working.</li>
    </ol>
  </section>`
}

function layout(body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>fetch-dance · demo</title>
  <link rel="icon" href="/app.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/app.css">
  <link rel="stylesheet" href="/home.css">
  <link rel="stylesheet" href="/card.css">
  <script type="module" src="/client.js"></script>
</head>
<body>
  <header class="top"><img src="/app.svg" alt="" width="32" height="32"> <strong>fetch-dance</strong> <span>demo</span></header>
  <main>${body}</main>
</body>
</html>`
}
