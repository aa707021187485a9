import type { Difference, Differences } from './difference.ts'

/** What Next, or Node below it, answers itself: of each kind the request that the README of @fetch-dance/next shows. */
const kinds = {
  slashAtTheEnd: 'GET /login/github/',
  slashesBefore: 'GET //login/github',
  slashesWithin: 'GET /login//github',
  backslash: 'GET /login\\github',
  wholeURL: 'GET http://evil.test/login/github',
  brokenEscape: 'GET /login/%zz',
  payload: 'GET /login/github with RSC: 1',
  picture: 'GET /_next/image?url=%2Flogin%2Fgithub&w=640&q=75',
  method: 'PROPFIND /login/github',
  octets: 'GET /login/gitÜhub',
  length: 'GET /login/github?…, more than 16 KiB',
} as const

/** What Next answers itself. */
export const nextDifferences: Differences = {
  paths: {
    'a slash at the end': to('/login/fake', 'slashAtTheEnd'),
    'a slash at the end, and a query': to('/login/fake?returnTo=%2Fprofile', 'slashAtTheEnd'),
    'a dot at the end': to('/login/fake', 'slashAtTheEnd'),
    'two dots at the end': to('/login/fake', 'slashAtTheEnd'),
    'the folder with a slash': to('/login', 'slashAtTheEnd'),
    'two slashes at the beginning': to('/login/fake', 'slashesBefore'),
    'three slashes at the beginning': to('/login/fake', 'slashesBefore'),
    'another host at the beginning': to('/evil.test/login/fake', 'slashesBefore'),
    'two slashes in the middle': to('/login/fake', 'slashesWithin'),
    'two slashes at the end': to('/login/fake/', 'slashesWithin'),
    'a backslash': to('/login/fake', 'backslash'),
    'a whole URL': to('http://app.test/login/fake', 'wholeURL'),
    'a whole URL of another host': to('http://evil.test/login/fake', 'wholeURL'),
    'an encoded letter of no encoding': refused(500, 'brokenEscape'),
    'a lone percent sign': refused(500, 'brokenEscape'),
    'an overlong encoding': refused(500, 'brokenEscape'),
    "a path of Next's for pictures": refused(403, 'picture'),
    'letters that are no ASCII': refused(400, 'octets'),
    'a raw blank': refused(400, 'octets'),
    'a raw NUL': refused(400, 'octets'),
  },
  queries: { 'a query of 17,000 characters': refused(431, 'length') },
  methods: {
    'PROPFIND at the login': refused(400, 'method'),
    'an unknown method at the login': refused(400, 'method'),
    'a lower case method at the login': refused(400, 'method'),
  },
  prefetch: {
    RSC: to('/login/fake?_rsc', 'payload', 307),
    'RSC, with what Next adds to the query': to(
      '/login/fake?_rsc=245oKlU_hHVhOAuf',
      'payload',
      307,
    ),
    'RSC at the callback': to('/login/fake/callback?code=*&state=*&_rsc', 'payload', 307),
  },
  callbacks: {
    'the answer with a slash more': to('/login/fake/callback?code=*&state=*', 'slashAtTheEnd'),
    'the answer below two slashes': to('/login/fake/callback?code=*&state=*', 'slashesBefore'),
  },
  forms: { 'a path with a slash more': to('/login/fake/logout', 'slashAtTheEnd') },
  connections: { 'a link that is empty': to('/login/connect', 'slashAtTheEnd') },
}

/** What the README of @fetch-dance/next has to say: a request of each kind, and its status. */
export function rowsOfNext(): string[] {
  const all = Object.values(nextDifferences).flatMap((requests) => Object.values(requests))
  return [...new Set(all.map(({ because, answer }) => `${because}: ${answer[0]}`))].sort()
}

function to(location: string, kind: keyof typeof kinds, status = 308): Difference {
  return { answer: [String(status), `location: ${location}`], because: kinds[kind] }
}

function refused(status: number, kind: keyof typeof kinds): Difference {
  return { answer: [String(status)], because: kinds[kind] }
}
