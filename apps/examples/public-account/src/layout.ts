import { type Html, html } from '@fetch-dance/examples-stage/html'

/** A whole page as a response, which nobody keeps. */
export function pageAnswer(body: Html, status = 200, headers: HeadersInit = {}): Response {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(pageHeaders)) all.set(name, value)
  return new Response(layout(body).markup, { status, headers: all })
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data: https://pbs.twimg.com; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}

function layout(body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>The open account</title>
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <header class="top"><strong>fetch-dance</strong> <span>public-account</span></header>
  <main>${body}</main>
</body>
</html>`
}
