/** Markup whose values are already escaped. */
export interface Html {
  readonly markup: string
}

type Part = Html | string | number | false | null | undefined | readonly Part[]

/**
 * Builds markup from a template; every value that is not markup itself is escaped.
 *
 * @example
 * html`<p>${name}</p>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const markup = strings.map((text, index) => text + toMarkup(values[index])).join('')
  return { markup }
}

function toMarkup(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part))
  if ('markup' in part) return part.markup
  return part.map(toMarkup).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
