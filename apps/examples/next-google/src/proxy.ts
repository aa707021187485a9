import { danceProxy } from '@fetch-dance/next'
import { dance } from './dance.ts'

/** Server components cannot save a refreshed token: what is due is refreshed before they are rendered. */
export const proxy = danceProxy(dance)

export const config = { matcher: ['/((?!_next/static|_next/image).*)'] }
