// Starts one of the examples: `npm run example NAME`.
import { join } from 'node:path'
import { root } from './run.ts'

const [name = ''] = process.argv.slice(2)
const folder = join(root, 'apps', 'examples', name)
process.chdir(folder)
await import(join(folder, 'src', 'main.ts'))
