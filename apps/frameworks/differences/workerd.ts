import { readRecords } from '../support/records.ts'
import type { Differences } from './difference.ts'

const noUrl = {
  answer: ['500'],
  because: 'workerd itself takes no whole URL; the edge before it does',
}
const noMethod = { answer: ['501'], because: 'workerd does not know the method' }

/** What workerd answers by itself, or hands over differently. */
export const workerdDifferences: Differences = {
  paths: {
    'a raw blank': {
      answer: readRecords('paths')['the login'] ?? [],
      because: 'workerd takes what stands before the blank',
    },
    'a raw NUL': { answer: ['400'], because: "workerd's parser takes no such request line" },
    'a whole URL': noUrl,
    'a whole URL of another host': noUrl,
  },
  methods: {
    'an unknown method at the login': noMethod,
    'a lower case method at the login': noMethod,
  },
  cookies: {
    'two Cookie headers': {
      answer: ['302', 'location: /login/fake?returnTo=%2Fprofile', 'cache-control: no-store'],
      because: 'workerd joins them with a comma; no browser sends two (RFC 6265, section 5.4)',
    },
  },
}
