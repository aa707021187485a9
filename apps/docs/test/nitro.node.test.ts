import { build, recipes, startServer } from './support/running.ts'
import { walkRecipe } from './support/walk-recipe.ts'

const folder = `${recipes}nitro`

walkRecipe('Nitro', async (env) => {
  await build(['nitro', 'build'], { env, folder })
  return startServer([process.execPath, 'dist/server/index.mjs'], { env, folder })
})
