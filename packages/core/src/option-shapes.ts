import * as v from 'valibot'
import { invalidOption } from './errors.ts'
import { isSecureAddress } from './http.ts'
import type { Provider } from './protocol/protocol.ts'

/** Throws `option_invalid` for the first of `createDance`'s options that is wrong, naming its path. */
export function checkOptions(options: unknown): void {
  check(optionRules(), options)
}

/** Throws `option_invalid` for a provider's name or the first of its facts that is wrong. */
export function checkProvider(name: string, provider: unknown): void {
  const path = `providers.${name}`
  if (!providerName.test(name)) {
    throw invalidOption(
      path,
      'a name is up to 32 of a-z, 0-9 and "-", from a letter; some are reserved',
    )
  }
  const speaks = object({ needs: v.custom(Array.isArray, 'a list') }, ['needs'])
  check(object({ protocol: speaks }, ['protocol']), provider, path)
  const { protocol, facts } = provider as Provider // what there is of it is checked right here
  check(object(factRules(), ['id', ...protocol.needs]), facts, path)
}

const providerName =
  /^(?!(?:flow|owner|answer|jwks|connections|connect|constructor|prototype)$)[a-z][a-z0-9-]{0,31}$/

function check(rule: v.GenericSchema, value: unknown, ...root: string[]): void {
  const [issue] = v.safeParse(rule, value).issues ?? []
  if (!issue) return
  const path = [...root, ...(issue.path ?? []).map(({ key }) => key)]
  throw invalidOption(path.join('.'), `it must be ${issue.message}`)
}

// Rules are made when asked for: nothing is done at import time, and a dance is created once.
function optionRules(): v.GenericSchema {
  const path = text('a path such as "/login"', isPath)
  const template = text('a path with "{provider}"', isTemplate)
  const target = text('a path or an absolute https URL', isTarget)
  const several = v.custom((value) => [value].flat().every(isText), 'a text or a list of texts')
  const rules = {
    // valibot's record drops keys such as `constructor`: each provider is checked by itself
    providers: v.custom(
      (value) => isObject(value) && Object.keys(value).length > 0,
      'providers by their names',
    ),
    env: v.custom(isObject, 'an object'),
    secret: several,
    origin: several,
    basePath: path,
    paths: object({ login: template, callback: template, logout: template }),
    redirects: object({ success: target, error: target, logout: target }),
    trustProxy: flag(),
    cookie: object({
      name: text('up to 64 of A-Z, a-z, 0-9, "_" and "-"', (name) => /^[\w-]{1,64}$/.test(name)),
      // RFC 6265bis section 5.6.2 caps a cookie's life at 400 days
      maxAge: number(1, 400 * 24 * 3600, 'seconds'),
      partitioned: flag(),
    }),
    allow: call(),
    fetch: call(),
    timeout: number(1, 600_000, 'milliseconds'),
    minValidity: number(0, 86_400, 'seconds'),
    on: v.custom(
      all((value, name) => isFunction(value) && eventName.test(name)),
      'functions by events',
    ),
    onError: call(),
    logger: object({ log: call() }, ['log']),
    owner: v.custom(
      (value) => isFunction(value) || (isText(value) && value !== ''),
      'a function or an id',
    ),
    storage: v.custom(isStorage, 'a TokenStorage or a function'),
    authorizeLogin: call(),
  }
  return object(rules, ['providers'])
}

function factRules(): Record<string, v.GenericSchema> {
  const address = text('an absolute https URL, or http on loopback', isSecureAddress)
  const texts = v.custom(all(isText), 'texts by name')
  // RFC 6749 section 3.3
  const scopes = list('scopes', (one) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(one))
  return {
    id: filled(),
    clientId: filled(),
    clientSecret: filled(),
    scopes,
    optionalScopes: scopes,
    scopeSeparator: filled(),
    apiBase: address,
    apiOrigins: list('https origins', isSecureAddress),
    apiHeaders: texts,
    authorizationParams: texts,
    clientAuth: oneOf('basic', 'post', 'none'),
    authorizationEndpoint: address,
    tokenEndpoint: address,
    issuer: address,
    revocationEndpoint: address,
    refreshEndpoint: address,
    profile: object({ url: address, map: call() }, ['url']),
    responseMode: oneOf('query', 'form_post'),
    pkce: oneOf('S256', 'breaks'),
    idToken: object({ nonce: flag(), algorithms: list('texts', Boolean) }),
    rotation: oneOf('none', 'grace', 'strict', 'unknown'),
  }
}

/** An object: those of its members that it needs must be there, and those that are there must fit. */
function object(
  rules: Record<string, v.GenericSchema>,
  needs: readonly string[] = [],
): v.GenericSchema {
  const entries = Object.entries(rules).map(
    ([name, rule]) => [name, needs.includes(name) ? rule : v.optional(rule)] as const,
  )
  return v.looseObject(Object.fromEntries(entries), ({ input }) =>
    input === undefined ? 'set' : 'an object',
  )
}

function text(what: string, fits: (text: string) => boolean): v.GenericSchema {
  return v.custom((value) => isText(value) && fits(value), what)
}

function list(what: string, fits: (text: string) => boolean): v.GenericSchema {
  const isMember = (value: unknown) => isText(value) && fits(value)
  return v.custom((value) => Array.isArray(value) && value.every(isMember), `a list of ${what}`)
}

function filled(): v.GenericSchema {
  return text('a text that is not empty', Boolean)
}

function call(): v.GenericSchema {
  return v.custom(isFunction, 'a function')
}

function flag(): v.GenericSchema {
  return v.custom((value) => typeof value === 'boolean', 'true or false')
}

function number(least: number, most: number, unit: string): v.GenericSchema {
  const fits = (value: unknown) => typeof value === 'number' && value >= least && value <= most
  return v.custom(fits, `${least} to ${most} ${unit}`)
}

function oneOf(...values: readonly unknown[]): v.GenericSchema {
  return v.custom((value) => values.includes(value), `one of ${values.join(', ')}`)
}

function all(fits: (value: unknown, name: string) => boolean): (value: unknown) => boolean {
  return (value) => isObject(value) && Object.entries(value).every(([name, one]) => fits(one, name))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isPath(path: string): boolean {
  const isRooted = /^(?:\/[^/\\\s]+)*\/?$/.test(path)
  return isRooted && new URL(path, 'https://app.invalid').pathname === path
}

function isTemplate(template: string): boolean {
  return template.includes('{provider}') && isPath(template.replaceAll('{provider}', 'a'))
}

function isTarget(target: string): boolean {
  return /^[\x21-\x7e]+$/.test(target) && (/^\/(?![/\\])/.test(target) || isSecureAddress(target))
}

const eventName =
  /^(beforeLogin|authorized|stored|refreshed|scopesChanged|needsLogin|disconnected|uncoordinated|error)$/

function isStorage(value: unknown): boolean {
  if (!isObject(value)) return isFunction(value)
  return ['get', 'put', 'delete', 'list'].every((name) => isFunction(Reflect.get(value, name)))
}
