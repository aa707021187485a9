/** What can ask Spotify on a person's behalf. */
interface Asking {
  fetch(path: string): Promise<Response>
}

/** A track as Spotify's API describes it; what is used of it. */
export interface Track {
  readonly name: string
  readonly artists: readonly { readonly name: string }[]
  readonly external_urls: { readonly spotify: string }
}

/** A track, and when it was played. */
export interface PlayedTrack {
  readonly track: Track
  /** ISO 8601. */
  readonly played_at: string
}

/** The scope that the top tracks take. */
export const topScope = 'user-top-read'
/** The scope that the last played tracks take. */
export const recentScope = 'user-read-recently-played'

/** What somebody played most in the last four weeks. Throws where Spotify answers anything but 200. */
export async function listTopTracks(connection: Asking): Promise<readonly Track[]> {
  return listItems(connection, '/me/top/tracks?time_range=short_term&limit=10')
}

/** What somebody played last. Throws where Spotify answers anything but 200. */
export async function listRecentTracks(connection: Asking): Promise<readonly PlayedTrack[]> {
  return listItems(connection, '/me/player/recently-played?limit=10')
}

async function listItems<Item>(connection: Asking, path: string): Promise<readonly Item[]> {
  const answer = await connection.fetch(path)
  if (!answer.ok) throw new Error(`Cannot list tracks: Spotify answered ${answer.status}`)
  const { items } = await answer.json()
  return items
}
