import * as v from 'valibot'
import { isSecureAddress } from './http.ts'

/** A text, and what else it must be. */
export function text(reason: string, fits: (value: string) => boolean): v.GenericSchema {
  return v.custom<string>((value) => typeof value === 'string' && fits(value), reason)
}

/** A list of texts. */
export function texts(): v.GenericSchema {
  return members((value) => typeof value === 'string', 'it must be a list of texts')
}

/** A function. */
export function call(): v.GenericSchema {
  return v.custom<unknown>((value) => typeof value === 'function', 'it must be a function')
}

/** True or false. */
export function flag(): v.GenericSchema {
  return v.custom<unknown>((value) => typeof value === 'boolean', 'it must be true or false')
}

/** A list or an object whose members all fit. */
export function members(fits: (value: unknown) => boolean, reason: string): v.GenericSchema {
  return v.custom<object>(
    (value) => typeof value === 'object' && value !== null && Object.values(value).every(fits),
    reason,
  )
}

/** An absolute URL that may be asked: https, or http on loopback, without credentials. */
export function address(): v.GenericSchema {
  return text('it must be an absolute https URL (http on loopback)', isAddress)
}

/** Whether a text is an absolute URL that may be asked. */
export function isAddress(value: string): boolean {
  return URL.canParse(value) && isSecureAddress(new URL(value))
}

/** The first thing wrong with a value, and its path; null if it fits. */
export function firstProblem(
  shape: v.GenericSchema,
  value: unknown,
): { path: string; reason: string } | null {
  const result = v.safeParse(shape, value)
  if (result.success) return null
  const [issue] = result.issues
  const path = (issue.path ?? []).map(({ key }) => String(key)).join('.')
  return { path, reason: issue.message }
}
