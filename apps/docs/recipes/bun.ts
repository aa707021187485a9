import { app } from './app.ts'
import { dance } from './dance.ts'

Bun.serve({ fetch: dance.wrap(app) })
