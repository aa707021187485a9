import { serve } from 'srvx'
import { app } from './app.ts'
import { dance } from './dance.ts'

serve({ fetch: dance.wrap(app) })
