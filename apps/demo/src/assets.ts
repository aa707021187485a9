import { readFileSync } from 'node:fs'
import { extname } from 'node:path'

export interface Asset {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** One of the files in `public`; `null` where the path names none of them. */
export function readAsset(pathname: string): Asset | null {
  const type = types[extname(pathname)]
  if (type === undefined || !/^\/[a-z-]+\.[a-z]+$/.test(pathname)) return null
  try {
    const body = readFileSync(new URL(`../public${pathname}`, import.meta.url), 'utf8')
    return { body, headers: { 'content-type': type, 'cache-control': 'no-cache' } }
  } catch {
    return null // no such file
  }
}
