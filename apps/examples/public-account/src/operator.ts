import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** The one person who may connect the account: whoever knows the passphrase. */
export interface Operator {
  isSignedIn(request: Request): boolean
  /** The cookie of a new session; null where the passphrase is wrong. */
  signIn(passphrase: string): string | null
  /** The cookie that ends the session. */
  signOut(request: Request): string
}

const lifeSeconds = 8 * 60 * 60

/** Sessions live in this process: a restart signs the operator out, and the account stays connected. */
export function createOperator(passphrase: string, secure: boolean): Operator {
  const sessions = new Map<string, number>()
  // Lax and not Strict: on the way back from X the browser has to bring it along.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    isSignedIn: (request) => (sessions.get(sessionOf(request)) ?? 0) > Date.now(),
    signIn(typed) {
      if (!timingSafeEqual(digest(typed), digest(passphrase))) return null
      const id = randomBytes(32).toString('base64url')
      sessions.set(id, Date.now() + lifeSeconds * 1000)
      return `operator=${id}; Max-Age=${lifeSeconds}; ${attributes}`
    },
    signOut(request) {
      sessions.delete(sessionOf(request))
      return `operator=; Max-Age=0; ${attributes}`
    },
  }
}

function sessionOf(request: Request): string {
  return /(?:^|; )operator=([\w-]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
