import type { IncomingMessage, ServerResponse } from 'node:http'
import type { InteractionResults, Provider } from 'oidc-provider'
import { type Accounts, readName } from './accounts.ts'
import { readForm, sendPage, sendRedirect } from './answer.ts'
import type { LanternClient } from './client.ts'
import { consentPage, loginPage, problemPage } from './pages.ts'

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** One request of the pages between the app's question and Lantern's answer. */
interface Turn {
  readonly provider: Provider
  readonly accounts: Accounts
  readonly client: LanternClient
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly interaction: Interaction
}

type Deps = Omit<Turn, 'interaction'>

/** `GET /interaction/:uid` shows the page that is due, `POST /interaction/:uid/:choice` takes the answer. */
export async function answerInteraction(deps: Deps): Promise<void> {
  const interaction = await findInteraction(deps)
  if (interaction === null) {
    const problem = { error: 'interaction_over' }
    return sendPage(deps.response, 404, problemPage(deps.client, problem, true))
  }
  const turn = { ...deps, interaction }
  const choice = choices[choiceOf(deps.request)]
  if (deps.request.method === 'POST' && choice !== undefined) return choice(turn)
  return interaction.prompt.name === 'login' ? showLogin(turn) : showConsent(turn)
}

async function findInteraction({ provider, request, response }: Deps): Promise<Interaction | null> {
  try {
    return await provider.interactionDetails(request, response)
  } catch {
    // Finished, expired or another browser's: for the person it is the same, the page is over.
    return null
  }
}

function choiceOf(request: IncomingMessage): string {
  return request.url?.split('/')[3] ?? ''
}

const choices: Readonly<Record<string, (turn: Turn) => Promise<void>>> = {
  login: signIn,
  allow,
  decline,
  switch: switchAccount,
}

async function signIn(turn: Turn): Promise<void> {
  const form = await readForm(turn.request)
  const name = readName(form.get('name'))
  if (name === null) return showLogin(turn, 'Please type a name, any name.')
  const { id } = turn.accounts.signIn(name)
  await finish(turn, { login: { accountId: id } })
}

async function allow(turn: Turn): Promise<void> {
  const { provider, interaction } = turn
  const accountId = interaction.session?.accountId
  if (accountId === undefined) return showLogin(turn)
  const grant =
    (interaction.grantId && (await provider.Grant.find(interaction.grantId))) ||
    new provider.Grant({ accountId, clientId: turn.client.id })
  grant.addOIDCScope(askedScopes(interaction).join(' '))
  await finish(turn, { consent: { grantId: await grant.save() } })
}

async function decline(turn: Turn): Promise<void> {
  await finish(turn, { error: 'access_denied', error_description: 'The person said no' })
}

/** Signs out at Lantern and puts the app's question once more, to whoever comes next. */
async function switchAccount({ provider, response, interaction }: Turn): Promise<void> {
  const session = interaction.session && (await provider.Session.findByUid(interaction.session.uid))
  await session?.destroy()
  const question = new URL(provider.urlFor('authorization'))
  for (const [name, value] of Object.entries(interaction.params)) {
    if (typeof value === 'string') question.searchParams.set(name, value)
  }
  sendRedirect(response, question.href)
}

function finish(turn: Turn, result: InteractionResults): Promise<void> {
  return turn.provider.interactionFinished(turn.request, turn.response, result)
}

async function showLogin(turn: Turn, problem?: string): Promise<void> {
  const page = loginPage({
    client: turn.client,
    uid: turn.interaction.uid,
    ...(problem === undefined ? {} : { problem }),
  })
  sendPage(turn.response, problem === undefined ? 200 : 422, page, formTargets(turn.client))
}

async function showConsent(turn: Turn): Promise<void> {
  const { accounts, client, interaction } = turn
  const account = accounts.find(interaction.session?.accountId ?? '')
  if (account === undefined) return showLogin(turn)
  const asked = askedScopes(interaction)
  const requested = String(interaction.params.scope ?? '').split(' ')
  const allowed = requested.filter((scope) => !asked.includes(scope))
  const page = consentPage({ client, uid: interaction.uid, account, asked, allowed })
  sendPage(turn.response, 200, page, formTargets(client))
}

function askedScopes(interaction: Interaction): string[] {
  const { missingOIDCScope } = interaction.prompt.details
  return Array.isArray(missingOIDCScope) ? missingOIDCScope.map(String) : []
}

function formTargets(client: LanternClient): { formTargets: string[] } {
  return { formTargets: client.redirectURIs.map((uri) => new URL(uri).origin) }
}
