import { errorAnswer } from './answers.ts'
import type { Server } from './server.ts'

/** Checks who is asking (RFC 6749, section 2.3); answers the refusal, or null for the app itself. */
export function refuseClient(
  server: Server,
  headers: Headers,
  form: URLSearchParams,
): Response | null {
  const basic = readBasic(headers.get('authorization'))
  const hasPost = form.has('client_secret')
  if (basic !== null && hasPost) return errorAnswer('invalid_request', 'Two client authentications')
  const method = basic !== null ? 'basic' : hasPost ? 'post' : 'none'
  const id = basic?.id ?? form.get('client_id')
  const secret = basic?.secret ?? form.get('client_secret')
  const wanted = server.settings.clientAuth
  const isWanted = wanted === 'any' ? method !== 'none' : wanted === method
  const isRight = id === server.clientId && (method === 'none' || secret === server.clientSecret)
  if (isWanted && isRight) return null
  const challenge = { 'www-authenticate': 'Basic realm="fake"' }
  return errorAnswer('invalid_client', 'The app did not prove itself', 401, challenge)
}

function readBasic(header: string | null): { id: string; secret: string } | null {
  const encoded = /^basic +(\S+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  try {
    const [id = '', secret = ''] = atob(encoded).split(':', 2)
    return { id: formDecode(id), secret: formDecode(secret) }
  } catch {
    // Not base64, or a stray percent sign: credentials, but nobody's.
    return { id: '', secret: '' }
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
