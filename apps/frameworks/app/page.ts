import type { Dance, Visit } from 'fetch-dance'
import type { createAppDance } from './dance.ts'
import { streamOf } from './stream-of.ts'

/** A visit of this app's. */
export type AppVisit = ReturnType<typeof createAppDance> extends Dance<infer P> ? Visit<P> : never

type Page = (request: Request, visit: AppVisit) => Response | Promise<Response>

/** Every page of the app: the same in every framework. */
export async function page(request: Request, visit: AppVisit): Promise<Response> {
  const { pathname } = new URL(request.url)
  const answer = pathname.startsWith('/at/') ? profile : pages[pathname]
  if (!answer) return new Response('no such page', { status: 404 })
  return answer(request, visit)
}

const pages: Readonly<Record<string, Page>> = {
  '/': () => new Response('page: front'),
  '/profile': profile,
  '/repos': async (_request, visit) => {
    const connection = await visit.require('fake', { scopes: ['repo'] })
    return new Response(`page: ${connection.scopes.join(' ')}`)
  },
  '/elsewhere': async (_request, visit) => {
    const connection = await visit.require('posting', { returnTo: '/profile' })
    return new Response(`page: ${connection.status}`)
  },
  '/status': async (_request, visit) => {
    const { status, reason } = await visit.connection('fake')
    return Response.json({ status, reason })
  },
  '/cached': async (_request, visit) => {
    await (await visit.require('fake')).token()
    return new Response('page: cached', { headers: { 'cache-control': 'public, max-age=60' } })
  },
  '/cookies': async (_request, visit) => {
    await (await visit.require('fake')).token()
    const response = new Response('page: cookies', { headers: { 'set-cookie': 'a=1; Path=/' } })
    response.headers.append('set-cookie', 'b=2; Path=/')
    return response
  },
  '/stream': async (_request, visit) => {
    await (await visit.require('fake')).token()
    return new Response(streamOf(['page: ', 'in ', 'pieces']))
  },
  '/forget': async (_request, visit) => {
    await visit.forget()
    return new Response('page: forgotten')
  },
  '/read': async (request, visit) => {
    const text = await request.text()
    await visit.require('fake')
    return new Response(`page: read ${text.length}`)
  },
  '/cloned': async (request, visit) => {
    const texts = await Promise.all([request.clone().text(), request.text()])
    await visit.require('fake')
    return new Response(`page: read ${texts.map((text) => text.length).join(' and ')}`)
  },
  '/broken': async (_request, visit) => {
    await (await visit.connection('fake')).token()
    throw new Error('The page is broken')
  },
}

async function profile(_request: Request, visit: AppVisit): Promise<Response> {
  const connection = await visit.require('fake')
  return new Response(`page: ${(await connection.profile()).raw.login}`)
}
