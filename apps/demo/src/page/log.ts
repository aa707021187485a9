import { type Html, html } from '../html.ts'
import type { Entry } from '../types.ts'

/** The visitor's log, newest first; the page's script puts what comes later on top. */
export function logPanel(entries: readonly Entry[]): Html {
  const last = entries.at(-1)?.id ?? 0
  return html`
  <aside class="log" aria-labelledby="log-title">
    <h2 id="log-title">The dance, live</h2>
    <div role="log" aria-labelledby="log-title" tabindex="0">
      <ol id="log" data-after="${last}">${entries.toReversed().map(logEntry)}</ol>
    </div>
    <p class="empty">Nothing yet. Connect, and every step shows up here: for this browser, and for no other.</p>
  </aside>`
}

export function logEntry(entry: Entry): Html {
  return html`
  <li data-tone="${entry.tone}">
    <p><code>${entry.name}</code> <time datetime="${entry.at.toISOString()}">${clockTime(entry.at)}</time></p>
    <p>${entry.text}</p>
  </li>`
}

/** Time of day on this machine, where demo and browser both run. */
export function clockTime(date: Date): string {
  return date.toLocaleTimeString('en-GB')
}
