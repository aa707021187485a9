import { type NextRequest, NextResponse } from 'next/server.js'

/** A cookie as it is to be; without a value it is to be gone. */
export type Pair = Readonly<Record<'name' | 'value', string>>

/** A request at the host that was asked for. Next's own names where it listens, and localhost instead of 127.0.0.1. */
export function asAsked(request: Request): Request {
  const url = new URL(request.url)
  url.port = ''
  url.host = request.headers.get('host') ?? ''
  if (!request.bodyUsed) return new Request(url, request)
  return Object.defineProperty(request, 'url', { value: url.href }) // what was read cannot be made anew
}

/** Changes cookies of a request, and leaves the others as they were sent. */
export function changeCookies({ headers, cookies }: NextRequest, to: readonly Pair[]): void {
  let pairs = headers.get('cookie')?.split(/; */) ?? []
  for (const { name, value } of to) {
    if (value === cookies.get(name)?.value) continue
    cookies.set(name, value)
    pairs = pairs.filter((pair) => !pair.startsWith(`${name}=`))
    if (value) pairs.push(`${name}=${encodeURIComponent(value)}`)
  }
  headers.set('cookie', pairs.join('; '))
}

/** Reads a Set-Cookie line. Next drops a value and an age of nothing, which end a cookie. */
export function readCookie(line: string): Pair & { maxAge?: number | undefined } {
  const [cookie] = new NextResponse(null, { headers: { 'set-cookie': line } }).cookies.getAll()
  return { name: '', value: '', maxAge: 0, ...cookie }
}
