const header = 'x-request'

/** A request's address and headers as one header: Node's fetch would write some of them anew. */
export function pack({ url, headers }: Request): Record<string, string> {
  return { [header]: JSON.stringify({ url, headers: [...headers] }) }
}

/** The request that was packed. */
export function unpack(request: Request): Request {
  const packed: { url: string; headers: [string, string][] } = JSON.parse(
    request.headers.get(header) ?? '',
  )
  return new Request(packed.url, { headers: packed.headers })
}
