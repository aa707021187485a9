import type { Connection } from 'fetch-dance'

/** A repository as GitHub's API describes it; what is used of it. */
export interface Repository {
  readonly full_name: string
  readonly html_url: string
  readonly description: string | null
}

/** The ten repositories that changed last. Throws where GitHub answers anything but 200. */
export async function listRepositories(
  connection: Pick<Connection<{ github: never }>, 'fetch'>,
  visibility: 'public' | 'private',
): Promise<Repository[]> {
  const answer = await connection.fetch(
    `/user/repos?visibility=${visibility}&sort=updated&per_page=10`,
  )
  if (!answer.ok) throw new Error(`Cannot list repositories: GitHub answered ${answer.status}`)
  return answer.json()
}
