import { readFileSync } from 'node:fs'

export interface Asset {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const types: Readonly<Record<string, string>> = {
  '/app.css': 'text/css; charset=utf-8',
  '/app.svg': 'image/svg+xml',
  '/client.js': 'text/javascript; charset=utf-8',
  '/lantern.css': 'text/css; charset=utf-8',
  '/lantern.svg': 'image/svg+xml',
}

/** One of the files in `public`; `null` where the path names none of them. */
export function readAsset(pathname: string): Asset | null {
  const type = types[pathname]
  if (type === undefined) return null
  const body = readFileSync(new URL(`../public${pathname}`, import.meta.url), 'utf8')
  return { body, headers: { 'content-type': type, 'cache-control': 'no-cache' } }
}
