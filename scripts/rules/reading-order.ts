import { importsOf, type Source } from '../syntax.ts'
import { resolveImport } from './imports.ts'

/**
 * The files of packages/core/src from the top of the page to the bottom: each may import only files that
 * stand below it, so a reader never has to go back up.
 */
const readingOrder: readonly string[] = [
  'index',
  'dance-context',
  'dance',
  'wrap',
  'methods',
  'steps/login',
  'steps/callback',
  'answer-form-post',
  'accept-login',
  'take-flow',
  'steps/logout',
  'form',
  'steps/connections',
  'steps/connect',
  'begin-login',
  'visit-api',
  'refusal',
  'sweep',
  'reseal',
  'walk-storage',
  'forge',
  'store-login',
  'failure-answer',
  'login-url',
  'guard',
  'pages',
  'start-flow',
  'answers',
  'connection',
  'connect-link',
  'end-connection',
  'refresh',
  'flight',
  'claim',
  'save-refreshed',
  'in-force',
  'spent',
  'merge-record',
  'find-connection',
  'connection-parts',
  'connection-key',
  'owner',
  'return-to',
  'flow',
  'records',
  'context',
  'api',
  'events',
  'visit',
  'visit-cookies',
  'options',
  'option-shapes',
  'secrets',
  'sealed-cookie-storage',
  'kv-storage',
  'kv-account',
  'kv-records',
  'kv-layout',
  'coordinator',
  'origin',
  'scrub-request',
  'routes',
  'record-shapes',
  'seal',
  'seal-memo',
  'storage',
  'types',
  'event-types',
  'connection-types',
  'provider',
  'protocol/oauth2',
  'protocol/oidc',
  'protocol/code-flow',
  'protocol/authorization-answer',
  'protocol/revoke-token',
  'protocol/post-form',
  'protocol/profile',
  'protocol/id-token',
  'protocol/keys',
  'protocol/discovery',
  'protocol/remember',
  'protocol/provider-answer',
  'protocol/describe-error',
  'protocol/signature',
  'protocol/jwt',
  'protocol/json-object',
  'protocol/server',
  'protocol/protocol',
  'http',
  'token',
  'deadline',
  'base64url',
  'facts',
  'errors',
]

const folder = 'packages/core/src/'

/** That a file of core imports only what stands below it; a step never imports a step. */
export function checkReadingOrder(source: Source, order = readingOrder): string[] {
  const placeOf = (path: string) => order.indexOf(path.slice(folder.length).replace(/\.ts$/, ''))
  const place = placeOf(source.path)
  if (place < 0) return [`${source.path}: it has no place in the reading order`]
  return importsOf(source).flatMap(({ specifier, node }) => {
    if (!specifier.startsWith('.')) return []
    const at = `${source.path}:${source.lineAt(node.start)} imports ${specifier}`
    const other = resolveImport(source, specifier)
    if (isStep(source.path) && isStep(other)) return [`${at}: a step imports no step`]
    return placeOf(other) > place ? [] : [`${at}: that stands above it`]
  })
}

/** Files that have a place but do not exist. */
export function findGhosts(paths: readonly string[], order = readingOrder): string[] {
  const gone = order.filter((name) => !paths.includes(`${folder}${name}.ts`))
  return gone.map((name) => `the reading order names ${name}, which does not exist`)
}

function isStep(path: string): boolean {
  return path.startsWith(`${folder}steps/`)
}
