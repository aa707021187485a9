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

const largestForm = 10_000

/** The fields of a posted form; what is larger than any form of ours reads as empty. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > largestForm) return new URLSearchParams()
  }
  return new URLSearchParams(text)
}
