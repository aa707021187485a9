import type { Differences } from './difference.ts'

const malformed = { answer: ['400'], because: "Deno's parser takes no such request line" }

/** What Deno answers by itself, or hands over differently. */
export const denoDifferences: Differences = {
  paths: {
    'letters that are no ASCII': malformed,
    'a raw blank': malformed,
    'a raw NUL': malformed,
  },
  methods: {
    'a lower case method at the login': {
      answer: ['405', 'cache-control: no-store', 'says: It takes only GET, and nothing ahead.'],
      because: 'Deno leaves a method in lower case, which is another one',
    },
  },
}
