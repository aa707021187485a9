import { type Html, html } from '@fetch-dance/examples-stage/html'
import { lastPosts, type Post } from './database.ts'
import { pageAnswer } from './layout.ts'
import { type Club, type ClubVisit, postingScope } from './types.ts'

/** `GET /`: the form, and what was posted last. */
export function showHome(club: Club, visit: ClubVisit): Promise<Response> {
  return homeAnswer(club, visit, { status: 200 })
}

export interface HomeOptions {
  readonly status: number
  /** Why the text was not posted. */
  readonly problem?: string
  /** What the visitor wrote; it is not lost. */
  readonly text?: string
}

export async function homeAnswer(
  { db }: Club,
  visit: ClubVisit,
  { status, problem, text = '' }: HomeOptions,
): Promise<Response> {
  const { authorized, scopes } = await visit.connection('x')
  const open = authorized && scopes.includes(postingScope)
  const page = html`
    <div class="intro">
      <h1>The open account</h1>
      <p>One account on X, and whoever passes by may post to it. Be kind.</p>
    </div>
    ${problem !== undefined && html`<p class="notice bad" role="alert">${problem}</p>`}
    <section class="card">${open ? form(text) : closed}</section>
    <section class="card"><h2>Posted last</h2>${postList(await lastPosts(db))}</section>
    <p class="soft"><a href="/operator">For the operator</a></p>`
  return pageAnswer(page, status)
}

const closed = html`
  <h2>The account is not connected</h2>
  <p class="soft">Nothing can be posted until its operator has connected it. Please come back later.</p>`

function form(text: string): Html {
  return html`
    <form method="post" action="/posts">
      <label for="text">Your post</label>
      <textarea id="text" name="text" rows="3" maxlength="280" required>${text}</textarea>
      <button class="primary">Post</button>
    </form>`
}

function postList(posts: readonly Post[]): Html {
  if (posts.length === 0) return html`<p class="soft">Nothing yet: yours may be the first.</p>`
  const items = posts.map(({ text, postedAt }) => {
    const time = postedAt.toLocaleTimeString('en-GB')
    return html`<li><span>${text}</span> <small><time datetime="${postedAt.toISOString()}">${time}</time></small></li>`
  })
  return html`<ul class="rows">${items}</ul>`
}
