import { type Html, html } from '@fetch-dance/examples-stage/html'
import { DanceError } from 'fetch-dance'
import { pageAnswer } from './layout.ts'
import { readField } from './read-field.ts'
import { type Club, type ClubConnection, type ClubVisit, postingScope } from './types.ts'

/** `GET /operator`: the way in, or the account and what can be done with it. */
export async function showOperator(
  club: Club,
  request: Request,
  visit: ClubVisit,
): Promise<Response> {
  const error = new URL(request.url).searchParams.get('error')
  const notice = error === null ? null : (reasons.get(error) ?? `That did not work out (${error}).`)
  if (!club.operator.isSignedIn(request)) return pageAnswer(signInForm(notice))
  return pageAnswer(await accountPage(club, await visit.connection('x'), notice))
}

/** `POST /operator/sign-in`: the passphrase, for a session. */
export async function signIn(club: Club, request: Request): Promise<Response> {
  const typed = await readField(request, 'passphrase')
  // Nothing is awaited from here to the count: many at once would all find the limit not reached
  if (club.passphraseLimit.isReached()) {
    return pageAnswer(signInForm('Too many attempts: please wait a minute.'), 429)
  }
  const cookie = club.operator.signIn(typed)
  if (cookie === null) {
    club.passphraseLimit.count()
    return pageAnswer(signInForm('That is not the passphrase.'), 403)
  }
  const headers = { location: '/operator', 'set-cookie': cookie }
  return new Response(null, { status: 303, headers })
}

/** `POST /operator/sign-out`: ends the session; the account stays connected. */
export function signOut(club: Club, request: Request): Response {
  const headers = { location: '/', 'set-cookie': club.operator.signOut(request) }
  return new Response(null, { status: 303, headers })
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['access_denied', 'You declined, and that is fine: nothing has changed.'],
  ['flow_expired', 'That took too long. Please start again.'],
])

function signInForm(notice: string | null): Html {
  return html`
    ${intro}
    ${noticeLine(notice)}
    <section class="card">
      <form method="post" action="/operator/sign-in">
        <label for="passphrase">Passphrase</label>
        <input id="passphrase" name="passphrase" type="password" required autocomplete="current-password">
        <button class="primary">Sign in</button>
      </form>
    </section>`
}

async function accountPage(
  club: Club,
  connection: ClubConnection,
  notice: string | null,
): Promise<Html> {
  return html`
    ${intro}
    ${noticeLine(notice)}
    <section class="card">${await account(club, connection)}</section>
    <form method="post" action="/operator/sign-out"><button>Sign out</button></form>`
}

async function account(club: Club, connection: ClubConnection): Promise<Html> {
  if (!connection.authorized) return notConnected(connection)
  try {
    const { name = 'Somebody', picture } = await connection.profile()
    const { expiresAt } = await connection.token()
    return html`
      <header class="person">
        ${picture && html`<img class="avatar" src="${picture}" alt="">`}
        <div><h2>${name}</h2><p class="soft">is the account that everybody posts to</p></div>
      </header>
      <dl>
        <div><dt>Visitors</dt><dd>${posting(connection)}</dd></div>
        <div><dt>Access token</dt><dd>${expiry(expiresAt)}</dd></div>
      </dl>
      <footer><form method="post" action="${club.logoutPath}"><button class="quiet">Disconnect</button></form></footer>`
  } catch (error) {
    if (!(error instanceof DanceError)) throw error
    if (error.code === 'login_required') return notConnected(connection)
    return html`<h2>X cannot be asked right now</h2><p class="soft">The connection is kept (${error.code}).</p>`
  }
}

function notConnected(connection: ClubConnection): Html {
  return html`
    <h2>The account is not connected</h2>
    <p class="soft">Sign in at X as the account that everybody shall post to.</p>
    <a class="button primary" href="${connection.loginUrl({ returnTo: '/operator' })}">Connect X</a>`
}

/** Connecting shows whose account it is; only then it is opened to everybody, with one scope more. */
function posting(connection: ClubConnection): Html {
  if (connection.scopes.includes(postingScope)) return html`may post`
  const url = connection.loginUrl({ returnTo: '/operator', scopes: [postingScope] })
  return html`<a class="button" href="${url}">Let visitors post <small>asks for the scope <code>${postingScope}</code></small></a>`
}

function expiry(expiresAt: number | undefined): Html {
  if (expiresAt === undefined) return html`does not end`
  const date = new Date(expiresAt * 1000)
  const time = date.toLocaleTimeString('en-GB')
  return html`good until <time datetime="${date.toISOString()}">${time}</time>, then refreshed`
}

const intro = html`
  <div class="intro">
    <h1>The operator’s page</h1>
    <p>Who the account is, and whether it is connected. <a href="/">To what visitors see</a></p>
  </div>`

function noticeLine(notice: string | null): Html | null {
  return notice === null ? null : html`<p class="notice" role="status">${notice}</p>`
}
