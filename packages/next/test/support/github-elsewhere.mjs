// Loaded before an app: what it asks GitHub, a fake provider answers that listens elsewhere.
const { fetch } = globalThis
const { GITHUB_URL } = process.env

globalThis.fetch = (input, init) => {
  const request = new Request(input, init)
  const url = request.url
    .replace('https://api.github.com/', `${GITHUB_URL}/api/`)
    .replace('https://github.com/login/oauth/access_token', `${GITHUB_URL}/token`)
  return url === request.url ? fetch(input, init) : fetch(new Request(url, request))
}
