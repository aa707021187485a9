import { bodies } from './bodies.ts'
import { callbacks } from './callbacks.ts'
import { connections } from './connections.ts'
import { cookies } from './cookies.ts'
import { forms } from './forms.ts'
import { methods } from './methods.ts'
import { pages } from './pages.ts'
import { paths } from './paths.ts'
import { prefetch } from './prefetch.ts'
import { queries } from './queries.ts'
import type { Requests } from './request.ts'
import { senders } from './senders.ts'

/** All requests by their themes. */
export const themes: Readonly<Record<string, Requests>> = {
  paths,
  queries,
  methods,
  prefetch,
  senders,
  cookies,
  callbacks,
  forms,
  bodies,
  connections,
  pages,
}
