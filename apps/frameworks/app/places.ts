/** Where a dance is mounted. */
export interface Place {
  readonly basePath: string
  readonly origin: string | readonly string[]
  /** Where the routes of its provider are, then. */
  readonly login: string
  /** The page of its visitors. */
  readonly home: string
}

const origin = 'https://app.test'

/** The mounts that every framework is tried with, each with a dance of its own. The recorded requests are for `usual`. */
export const places: Readonly<Record<string, Place>> = {
  usual: { origin, basePath: '/login', login: '/login/fake', home: 'https://app.test/at/usual' },
  root: { origin, basePath: '/', login: '/fake', home: 'https://app.test/at/root' },
  deep: { origin, basePath: '/a/b/c', login: '/a/b/c/fake', home: 'https://app.test/at/deep' },
  slash: { origin, basePath: '/slash/', login: '/slash/fake', home: 'https://app.test/at/slash' },
  several: {
    basePath: '/several',
    origin: ['https://app.test', 'https://auth.app.test'],
    login: '/several/fake',
    home: 'https://auth.app.test/at/several',
  },
}

/**
 * Makes something for each mount.
 *
 * @returns What was made for the mount that a URL belongs to.
 */
export function forPlaces<T>(make: (place: Place) => T): (url: string) => T {
  const usually = make(placeNamed('usual'))
  const made = Object.entries(places)
    .filter(([name]) => name !== 'usual')
    .map(([name, place]) => ({ name, place, one: make(place) }))
  return (url) => {
    const { pathname } = new URL(url)
    const found = made.find(
      ({ name, place }) => pathname === `/at/${name}` || pathname.startsWith(place.login),
    )
    return found?.one ?? usually
  }
}

/** The mount of a name. */
export function placeNamed(name: string): Place {
  const place = places[name]
  if (!place) throw new Error(`No place is named ${name}`)
  return place
}
