import * as v from 'valibot'
import { call, firstProblem, flag, isAddress, text, texts } from './shape-parts.ts'

/** What is wrong with the options of `createDance`, and where; null if nothing is. */
export function problemOf(options: unknown): { path: string; reason: string } | null {
  return firstProblem(optionsShape(), options)
}

// Built when asked for: nothing is done at import time, and a dance is created once.
function optionsShape(): v.GenericSchema {
  const path = v.optional(text('it must be a path such as "/login"', isPath))
  const template = v.optional(text('it must be a path with "{provider}" in it', isTemplate))
  const target = v.optional(text('it must be a path or an absolute https URL', isTarget))
  const several = v.optional(
    v.custom<unknown>(isTextOrTexts, 'it must be a text or a list of texts'),
  )
  return v.looseObject({
    // valibot's record drops keys such as `constructor`; names are checked by hand
    providers: custom(areProviders, 'it must hold at least one provider'),
    env: v.optional(custom((value) => typeof value === 'object', 'it must be an object')),
    secret: several,
    origin: several,
    basePath: path,
    paths: v.optional(v.looseObject({ login: template, callback: template, logout: template })),
    redirects: v.optional(v.looseObject({ success: target, error: target, logout: target })),
    trustProxy: v.optional(flag()),
    cookie: v.optional(
      v.looseObject({
        name: v.optional(text('it may hold up to 64 letters, digits, "_" and "-"', isCookieName)),
        // RFC 6265bis section 5.6.2 caps a cookie's life at 400 days
        maxAge: number(1, 400 * 24 * 3600, 'seconds'),
        partitioned: v.optional(flag()),
      }),
    ),
    allow: v.optional(call()),
    fetch: v.optional(call()),
    timeout: number(1, 600_000, 'milliseconds'),
    minValidity: number(0, 86_400, 'seconds'),
    on: v.optional(custom(areHandlers, 'it must hold functions by event names')),
    onError: v.optional(call()),
    logger: v.optional(v.looseObject({ log: call() })),
    owner: v.optional(custom(isOwner, 'it must be a function, or a name')),
    storage: v.optional(custom(isStorage, 'it must be a TokenStorage, or a function of cookies')),
    authorizeLogin: v.optional(call()),
  })
}

function custom(fits: (value: unknown) => boolean, reason: string): v.GenericSchema {
  return v.custom<unknown>(fits, reason)
}

function number(least: number, most: number, unit: string): v.GenericSchema {
  const fits = (value: unknown) => typeof value === 'number' && value >= least && value <= most
  return v.optional(custom(fits, `it must be a number of ${unit} from ${least} to ${most}`))
}

function isTextOrTexts(value: unknown): boolean {
  return typeof value === 'string' || v.is(texts(), value)
}

function isCookieName(name: string): boolean {
  return /^[\w-]{1,64}$/.test(name)
}

function isPath(path: string): boolean {
  const isRooted = path.startsWith('/') && !/\/\/|\\/.test(path)
  return isRooted && new URL(path, 'https://app.invalid').pathname === path
}

function isTemplate(template: string): boolean {
  return template.includes('{provider}') && isPath(template.replaceAll('{provider}', 'a'))
}

function isTarget(target: string): boolean {
  if (/[^\x21-\x7e]/.test(target)) return false
  return /^\/(?![/\\])/.test(target) || isAddress(target)
}

function areProviders(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

const eventNames =
  /^(beforeLogin|authorized|stored|refreshed|scopesChanged|needsLogin|disconnected|uncoordinated|error)$/

function areHandlers(value: unknown): boolean {
  const handlers = typeof value === 'object' && value !== null ? Object.entries(value) : [['']]
  return handlers.every(([name, handler]) => eventNames.test(name) && typeof handler === 'function')
}

function isOwner(value: unknown): boolean {
  return typeof value === 'function' || (typeof value === 'string' && value !== '')
}

function isStorage(value: unknown): boolean {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null) return false
  return ['get', 'put', 'delete', 'list'].every(
    (method) => typeof Reflect.get(value, method) === 'function',
  )
}
