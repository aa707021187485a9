import { build, recipes, startServer } from './support/running.ts'
import { walkServer } from './support/walk-recipe.ts'

const folder = `${recipes}nitro`

walkServer('Nitro', async (env) => {
  await build(['nitro', 'build'], { env, folder })
  return startServer([process.execPath, 'dist/server/index.mjs'], { env, folder })
})
