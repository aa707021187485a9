import { type CookieJar, cookieJar, type SendOptions } from '@fetch-dance/testing'

/** The page all is about. */
export const page: string = 'https://app.test/a/b'

/** Visits a page that sets these cookies. */
export async function jarWith(headers: readonly string[], url: string = page): Promise<CookieJar> {
  const jar = cookieJar()
  await jar.send(() => answerWith(headers), url)
  return jar
}

/** An answer that sets these cookies. */
export function answerWith(headers: readonly string[]): Response {
  const response = new Response('ok')
  for (const header of headers) response.headers.append('set-cookie', header)
  return response
}

/** What a request brings along. */
export async function sentBy(
  jar: CookieJar,
  input: string | Request,
  o?: SendOptions,
): Promise<Headers> {
  let request: Request | undefined
  await jar.send(
    (seen) => {
      request = seen
      return new Response('ok')
    },
    input,
    o,
  )
  return request?.headers ?? new Headers()
}
