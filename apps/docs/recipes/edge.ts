import { app } from './app.ts'
import { dance } from './dance.ts'

export default dance.wrap(app)
