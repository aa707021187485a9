import { serveDance } from '@fetch-dance/deno'
import { lanternProvider } from '@fetch-dance/examples-stage/lantern-provider'
import { type SpotifyUser, spotify } from '@fetch-dance/providers/spotify'
import { createDance, DanceError, type Provider, type Visit } from 'fetch-dance'
import { listRecentTracks, listTopTracks, recentScope, topScope } from './list-tracks.ts'
import { connectPage, errorPage, homePage, recentPage, respond } from './pages.ts'

/** The providers of this app. */
type Providers = { spotify: Provider<SpotifyUser> }

const preset = spotify({ scopes: ['user-read-email', topScope], optionalScopes: [recentScope] })
const issuer = Deno.env.get('LANTERN_ISSUER')
const styleAddress = new URL(import.meta.resolve('@fetch-dance/examples-stage/style.css'))
const style = await Deno.readTextFile(styleAddress)
const styleHeaders = { 'content-type': 'text/css; charset=utf-8' }

/** The whole app: two pages, and the dance in front of them; connections are in Deno KV. */
const server: Deno.ServeDefaultExport = {
  fetch: serveDance<Providers>(
    (defaults) =>
      createDance({
        providers: { spotify: issuer ? lanternProvider(issuer, preset) : preset },
        ...defaults,
        redirects: { error: '/' },
      }),
    async (request, visit) => {
      const { pathname, searchParams } = new URL(request.url)
      try {
        if (pathname === '/') return await showHome(visit, searchParams.get('error'))
        if (pathname === '/recent') return await showRecent(visit)
        if (pathname === '/style.css') return new Response(style, { headers: styleHeaders })
        return respond(errorPage('not_found'), 404)
      } catch (error) {
        const way = visit.answer(error) // to the login, where that helps
        if (way) return way
        console.error(error)
        return respond(errorPage(error instanceof DanceError ? error.code : 'internal'), 502)
      }
    },
  ),
}

export default server

async function showHome(visit: Visit<Providers>, error: string | null): Promise<Response> {
  const connection = await visit.connection('spotify')
  const loginURL = connection.loginUrl({ returnTo: '/' })
  if (!connection.authorized) return respond(connectPage({ loginURL, error }))
  try {
    return respond(
      homePage({
        profile: await connection.profile(),
        tracks: await listTopTracks(connection),
        scopes: connection.scopes,
        expiresAt: (await connection.token()).expiresAt,
        error,
      }),
    )
  } catch (cause) {
    if (!(cause instanceof DanceError) || cause.code !== 'login_required') throw cause
    return respond(connectPage({ loginURL, error: cause.code })) // a word and a button
  }
}

async function showRecent(visit: Visit<Providers>): Promise<Response> {
  const connection = await visit.require('spotify', { scopes: [recentScope] })
  return respond(recentPage(await listRecentTracks(connection)))
}
