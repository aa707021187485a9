/**
 * The files of packages/core/src from the top of the page to the bottom: each may import only files that
 * stand below it, so a reader never has to go back up.
 */
export const readingOrder: readonly string[] = [
  'index',
  'dance',
  'steps/login',
  'steps/callback',
  'steps/logout',
  'visit-api',
  'connection',
  'refresh',
]
