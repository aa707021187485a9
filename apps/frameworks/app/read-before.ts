/** Does to a request's body what a header asks for, as middleware might that stands before the dance. */
export async function readBefore(request: Request): Promise<void> {
  const how = request.headers.get('x-read-before')
  if (how === 'consume') await request.text()
  if (how === 'clone') await request.clone().text()
}
