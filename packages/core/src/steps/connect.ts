import { beginLogin } from '../begin-login.ts'
import { openConnectLink, requireStanding } from '../connect-link.ts'
import { clientOf, type DanceContext } from '../context.ts'
import { cannotConnect, locateError } from '../errors.ts'
import { checkedReturnTo } from '../login-url.ts'
import { resolveOwner } from '../owner.ts'
import type { ConnectLink } from '../record-shapes.ts'
import type { VisitState } from '../visit.ts'

/** Begins the login that a link was made for. The link names an owner and proves none: the visitor must be that owner. */
export async function connect(context: DanceContext, visit: VisitState): Promise<Response> {
  const path = new URL(visit.request.url).pathname
  const link = await openConnectLink(context, path.slice(context.routes.connect.length))
  return follow(context, visit, link, path).catch((error: unknown) => {
    throw locateError(error, 'connect', link.provider)
  })
}

async function follow(
  context: DanceContext,
  visit: VisitState,
  link: ConnectLink,
  path: string,
): Promise<Response> {
  const client = clientOf(context, link.provider)
  if ((await resolveOwner(context, visit)) !== link.owner) {
    throw cannotConnect('owner_mismatch', 'the link is for another user; sign in as that one first')
  }
  await requireStanding(context, visit.storage, link)
  const start = { ...link, returnTo: checkedReturnTo(context, visit, link.returnTo) }
  return beginLogin(context, visit, client, start, path)
}
