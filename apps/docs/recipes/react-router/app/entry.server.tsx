// #region recipe
import { DanceError } from 'fetch-dance'
import { renderToReadableStream } from 'react-dom/server'
import { type EntryContext, type HandleErrorFunction, ServerRouter } from 'react-router'
import { errorContext } from './dance-middleware.ts'

export const handleError: HandleErrorFunction = (error, { context }) => {
  context.set(errorContext, error)
  if (!(error instanceof DanceError && error.loginUrl)) console.error(error)
}
// #endregion

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  const page = <ServerRouter context={context} url={request.url} />
  headers.set('content-type', 'text/html')
  return new Response(await renderToReadableStream(page), { status, headers })
}
