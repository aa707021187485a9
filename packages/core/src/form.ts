import { within } from './deadline.ts'
import { DanceError } from './errors.ts'
import { readBody } from './http.ts'

/** Octets of a form that is read. */
const largestForm = 65_536

/**
 * Reads a URL-encoded form; a request without a body is an empty one.
 *
 * @param timeout Milliseconds for the whole body.
 * Throws `request_too_large`, `request_invalid`; another content type is `request_invalid` with status 415.
 */
export async function readForm(request: Request, timeout: number): Promise<URLSearchParams> {
  const type = request.headers.get('content-type')
  // asked first: some servers have no body at all for who comes second
  if (request.bodyUsed && type !== null) throw unreadable('it was read before')
  if (request.body === null || type === null) return new URLSearchParams()
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw unreadable('it must be application/x-www-form-urlencoded', 415)
  }
  const late = () => unreadable('it came too slowly')
  const body = await within(() => readBody(request, largestForm), timeout, late)
  if (body) return new URLSearchParams(await body.text())
  throw new DanceError('request_too_large', 'Cannot read the form: it is too large')
}

function unreadable(reason: string, status?: number): DanceError {
  return new DanceError('request_invalid', `Cannot read the form: ${reason}`, { status })
}
