/** A picture for an account that has none: the initial of its name, as a `data:` URL. */
export function initialPicture(name: string): string {
  const initial = [...name][0]?.toUpperCase().replace(/[<&]/, '') ?? ''
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" font-family="sans-serif" font-size="30" font-weight="600" text-anchor="middle"><rect width="64" height="64" fill="#8f4a00"/><text x="32" y="43" fill="#fff">${initial}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
