import type { DanceContext } from '../context.ts'
import { forbidden, isAllowed, requireSameOrigin } from '../guard.ts'
import type { VisitState } from '../visit.ts'
import { createVisitApi } from '../visit-api.ts'

/** Lists this owner's connections as JSON, for the app's own pages. */
export async function connections(context: DanceContext, visit: VisitState): Promise<Response> {
  requireSameOrigin(visit)
  const names = [...context.clients.keys()]
  const allowed = await Promise.all(
    names.map((name) => isAllowed(context.config, visit, name, 'list')),
  )
  const listed = names.filter((_, index) => allowed[index])
  if (listed.length === 0) throw forbidden()
  const all = await createVisitApi(context, visit).connections()
  const shown = all.filter((connection) => listed.includes(connection.provider))
  return Response.json(
    shown.map(({ provider, account, status, reason, scopes }) => {
      return { provider, account, status, reason, scopes, paths: context.routes.paths(provider) }
    }),
  )
}
