import { readFileSync } from 'node:fs'

/** The text of `style.css`, for apps that serve it themselves. */
export function readStyle(): string {
  return readFileSync(new URL('./style.css', import.meta.url), 'utf8')
}
