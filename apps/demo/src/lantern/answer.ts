import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Html } from '../html.ts'

export interface SendOptions {
  /** Origins that a form on this page may lead to, beside Lantern itself. */
  readonly formTargets?: readonly string[]
}

export function sendPage(
  response: ServerResponse,
  status: number,
  page: Html,
  options: SendOptions = {},
): void {
  // Browsers hold the redirects after a form to `form-action` too, so the app has to be named.
  const formAction = ["'self'", ...(options.formTargets ?? [])].join(' ')
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'content-security-policy': `default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`,
  })
  response.end(page.markup)
}

export function sendJSON(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(JSON.stringify(body))
}

export function sendRedirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' })
  response.end()
}

/** The fields of a posted form. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(request))
}

/** The members of a JSON object, or the fields of a form; empty for anything else. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = await readText(request)
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(text))
  try {
    return { ...JSON.parse(text) }
  } catch {
    return {} // not JSON
  }
}

const largestBody = 10_000

/** What is larger than any form of ours reads as empty. */
async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > largestBody) return ''
  }
  return Buffer.concat(chunks).toString()
}
