import type { Differences } from './difference.ts'

const malformed = { answer: ['400'], because: "Node's parser takes no such request line" }

/** What a server in Node answers by itself, whatever stands behind it. */
export const nodeDifferences: Differences = {
  paths: {
    'letters that are no ASCII': malformed,
    'a raw blank': malformed,
    'a raw NUL': malformed,
  },
  queries: {
    'a query of 17,000 characters': {
      answer: ['431'],
      because: 'Node reads 16 KiB of headers, the request line included',
    },
  },
  methods: {
    'an unknown method at the login': malformed,
    'a lower case method at the login': malformed,
  },
}

/** The same, and what @hono/node-server refuses. */
export const honoNodeDifferences: Differences = {
  ...nodeDifferences,
  paths: {
    ...nodeDifferences['paths'],
    'a backslash': { answer: ['400'], because: '@hono/node-server takes no backslash in a path' },
  },
}
