import * as v from 'valibot'
import { isSecureAddress } from './http.ts'

/** What is wrong with the options of `createDance`, and where; null if nothing is. */
export function problemOf(options: unknown): { path: string; reason: string } | null {
  const result = v.safeParse(optionsShape(), options)
  if (result.success) return null
  const [issue] = result.issues
  return { path: v.getDotPath(issue) ?? 'options', reason: issue.message }
}

// Built when asked for: nothing is done at import time, and a dance is created once.
function optionsShape() {
  const path = v.optional(v.pipe(text(), v.check(isPath, 'it must be a path such as "/login"')))
  const template = v.optional(
    v.pipe(text(), v.check(isTemplate, 'it must be a path with "{provider}" in it')),
  )
  const target = v.optional(
    v.pipe(text(), v.check(isTarget, 'it must be a path or an absolute https URL')),
  )
  const call = v.optional(v.function('it must be a function'))
  return v.looseObject({
    // valibot's record drops keys such as `constructor`; names are checked by hand
    providers: v.custom<Record<string, unknown>>(
      areProviders,
      'it must hold at least one provider',
    ),
    env: v.optional(v.custom<object>((value) => typeof value === 'object', 'it must be an object')),
    secret: v.optional(v.union([text(), v.array(text())], 'it must be a text or a list of texts')),
    origin: v.optional(v.union([text(), v.array(text())], 'it must be a text or a list of texts')),
    basePath: path,
    paths: v.optional(
      v.pipe(
        v.strictObject({ login: template, callback: template, logout: template }, unknown),
        v.check((paths) => areDistinct(Object.values(paths)), 'no two may be the same'),
      ),
    ),
    redirects: v.optional(
      v.strictObject({ success: target, error: target, logout: target }, unknown),
    ),
    trustProxy: v.optional(v.boolean('it must be true or false')),
    cookie: v.optional(
      v.strictObject(
        {
          name: v.optional(
            v.pipe(text(), v.regex(/^[\w-]{1,64}$/, 'it may hold letters, digits, "_" and "-"')),
          ),
          // RFC 6265bis caps a cookie's life at 400 days
          maxAge: v.optional(number(60, 400 * 24 * 3600, 'seconds')),
          partitioned: v.optional(v.boolean('it must be true or false')),
        },
        unknown,
      ),
    ),
    allow: call,
    fetch: call,
    timeout: v.optional(number(1, 600_000, 'milliseconds')),
    minValidity: v.optional(number(0, 86_400, 'seconds')),
    on: v.optional(v.record(v.string(), v.function('it must be a function'))),
    onError: call,
    logger: v.optional(
      v.looseObject({ log: v.function('it must be a function') }, 'it must have a function "log"'),
    ),
    owner: v.optional(
      v.union([v.pipe(text(), v.nonEmpty()), v.function()], 'it must be a function, or a name'),
    ),
    storage: v.optional(
      v.custom<object>(
        isStorage,
        'it must be a TokenStorage, or a function that makes one from cookies',
      ),
    ),
    authorizeLogin: call,
  })
}

function unknown(issue: { received: string }): string {
  return `${issue.received} is not an option`
}

function text() {
  return v.string('it must be a text')
}

function number(least: number, most: number, unit: string) {
  const message = `it must be a number of ${unit} from ${least} to ${most}`
  return v.pipe(v.number(message), v.minValue(least, message), v.maxValue(most, message))
}

function isPath(path: string): boolean {
  if (!path.startsWith('/') || !URL.canParse(path, 'https://app.invalid')) return false
  const { origin, pathname } = new URL(path, 'https://app.invalid')
  return origin === 'https://app.invalid' && pathname === path && !path.includes('//')
}

function isTemplate(template: string): boolean {
  return template.includes('{provider}') && isPath(template.replaceAll('{provider}', 'a'))
}

function isTarget(target: string): boolean {
  if (/[^\x21-\x7e]/.test(target)) return false
  if (target.startsWith('/')) return !/^\/[/\\]/.test(target)
  return URL.canParse(target) && isSecureAddress(new URL(target))
}

function areDistinct(values: unknown[]): boolean {
  return new Set(values).size === values.length
}

function areProviders(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function isStorage(value: unknown): boolean {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null) return false
  return ['get', 'put', 'delete', 'list'].every(
    (method) => typeof Reflect.get(value, method) === 'function',
  )
}
