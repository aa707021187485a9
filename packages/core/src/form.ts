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
  if (request.body === null || type === null) return new URLSearchParams()
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) throw wrongType()
  const late = () => new DanceError('request_invalid', 'Cannot read the form: it came too slowly')
  return new URLSearchParams(await within(readText(request), timeout, late))
}

async function readText(request: Request): Promise<string> {
  if (request.bodyUsed) {
    throw new DanceError('request_invalid', 'Cannot read the form: it was read before')
  }
  const octets = await readBody(request, largestForm, () => {
    return new DanceError('request_too_large', 'Cannot read the form: it is too large')
  })
  return new TextDecoder().decode(octets)
}

function wrongType(): DanceError {
  const message = 'Cannot read the form: it must be application/x-www-form-urlencoded'
  return Object.assign(new DanceError('request_invalid', message), { status: 415 })
}
