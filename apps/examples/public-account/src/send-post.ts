import { DanceError } from 'fetch-dance'
import { homeAnswer } from './home.ts'
import { readField } from './read-field.ts'
import { posts } from './tables.ts'
import type { Club, ClubConnection, ClubVisit } from './types.ts'

const longest = 280

/** `POST /posts`: what a visitor wrote goes out from the club's account. */
export async function sendPost(club: Club, request: Request, visit: ClubVisit): Promise<Response> {
  const text = (await readField(request, 'text')).trim()
  const refuse = (status: number, problem: string): Promise<Response> =>
    homeAnswer(club, visit, { status, problem, text })

  if (text === '') return refuse(422, 'There is nothing to post yet.')
  if ([...text].length > longest) return refuse(422, `That is longer than ${longest} characters.`)
  if (club.postLimit.isReached()) return refuse(429, 'Too much at once: please wait a minute.')

  club.postLimit.count()
  try {
    const id = await post(await visit.connection('x'), text)
    if (id === null) return refuse(502, 'X did not take it. Please try again later.')
    await club.db.insert(posts).values({ id, text, postedAt: new Date() })
    return new Response(null, { status: 303, headers: { location: '/' } })
  } catch (error) {
    // The account is not connected, or X cannot be asked: in neither case there is anything the visitor could do.
    if (!(error instanceof DanceError)) throw error
    return refuse(503, 'This cannot be posted right now. Please try again later.')
  }
}

/** The post's id at X; null where X refuses it. Throws `login_required` where the account is not connected. */
async function post(connection: ClubConnection, text: string): Promise<string | null> {
  const answer = await connection.fetch('/tweets', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  if (!answer.ok) return null
  const { data }: { data: { id: string } } = await answer.json()
  return data.id
}
