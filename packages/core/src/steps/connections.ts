import type { DanceContext } from '../context.ts'
import { requireAllowed, requireSameOrigin } from '../guard.ts'
import type { VisitState } from '../visit.ts'
import { createVisitApi } from '../visit-api.ts'

/** Lists this owner's connections as JSON, for the app's own pages. */
export async function connections(context: DanceContext, visit: VisitState): Promise<Response> {
  requireSameOrigin(visit)
  const listed = await requireAllowed(context, visit, 'list', ...context.clients.keys())
  const all = await createVisitApi(context, visit).connections()
  const shown = all.filter((connection) => listed.includes(connection.provider))
  return Response.json(
    shown.map(({ provider, account, status, reason, scopes }) => {
      return { provider, account, status, reason, scopes, paths: context.routes.paths(provider) }
    }),
  )
}
