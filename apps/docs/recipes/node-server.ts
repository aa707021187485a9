import { serve } from '@hono/node-server'
import { app } from './app.ts'
import { dance } from './dance.ts'

serve({ fetch: dance.wrap(app), port: Number(process.env.PORT ?? 3000) })
