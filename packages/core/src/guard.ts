import type { DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { DanceError } from './errors.ts'
import type { VisitState } from './visit.ts'

/** What a guard is asked about. */
export type GuardedAction = 'login' | 'logout' | 'list'

/** Whether the app lets this visitor do that; without a guard it does. A guard that throws or is late refuses. */
export async function isAllowed(
  { config }: DanceContext,
  visit: VisitState,
  action: GuardedAction,
  provider: string,
): Promise<boolean> {
  const { authorizeLogin } = config
  if (!authorizeLogin) return true
  const ask = () => authorizeLogin(visit.request, { provider, action })
  return (await within(ask, config.timeout).catch(() => false)) === true
}

/** Those of the providers with whom the app lets this visitor do that. Throws `login_forbidden` if there is none. */
export async function requireAllowed(
  context: DanceContext,
  visit: VisitState,
  action: GuardedAction,
  ...providers: string[]
): Promise<string[]> {
  const asked = providers.map((provider) => isAllowed(context, visit, action, provider))
  const answers = await Promise.all(asked)
  const allowed = providers.filter((_, index) => answers[index])
  if (allowed.length > 0) return allowed
  throw new DanceError('login_forbidden', 'Cannot do that: this site does not let you')
}

/** Throws `cross_origin` unless the request comes from the app's own pages; what does not say so does not. */
export function requireSameOrigin(visit: VisitState): void {
  const { headers } = visit.request
  const site = headers.get('sec-fetch-site')
  const origin = visit.origin().url
  if (site === null ? headers.get('origin') === origin : site === 'same-origin') return
  throw new DanceError('cross_origin', 'Cannot do that: only a page of this site may ask for it')
}
