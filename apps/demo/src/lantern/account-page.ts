import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Account, Accounts } from './accounts.ts'
import { sendPage, sendRedirect } from './answer.ts'
import type { LanternClient } from './client.ts'
import { accountPage } from './pages.ts'

interface Deps {
  readonly provider: Provider
  readonly accounts: Accounts
  readonly client: LanternClient
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** `GET /`: who is signed in at Lantern, and what the app may do on their behalf. */
export async function showAccount(deps: Deps): Promise<void> {
  const { account, grant } = await lookUp(deps)
  const granted = grant?.getOIDCScope().split(' ') ?? null
  sendPage(deps.response, 200, accountPage({ client: deps.client, account, granted }))
}

/** `POST /remove`: ends the app's access from Lantern's side, with every token of it. */
export async function removeAccess(deps: Deps): Promise<void> {
  const { grant } = await lookUp(deps)
  if (grant !== undefined) {
    await deps.provider.AccessToken.revokeByGrantId(grant.jti)
    await deps.provider.RefreshToken.revokeByGrantId(grant.jti)
    await grant.destroy()
  }
  sendRedirect(deps.response, '/')
}

type Grant = InstanceType<Provider['Grant']>

async function lookUp(
  deps: Deps,
): Promise<{ account: Account | undefined; grant: Grant | undefined }> {
  const context = deps.provider.createContext(deps.request, deps.response)
  const session = await deps.provider.Session.get(context)
  const grantId = session.grantIdFor(deps.client.id)
  return {
    account: deps.accounts.find(session.accountId ?? ''),
    grant: grantId === undefined ? undefined : await deps.provider.Grant.find(grantId),
  }
}
