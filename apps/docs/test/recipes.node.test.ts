import { startServer } from './support/running.ts'
import { walkRecipe } from './support/walk-recipe.ts'

const node = process.execPath

walkRecipe('srvx', (env) => startServer([node, 'srvx.ts'], { env }))
walkRecipe('@hono/node-server', (env) => startServer([node, 'node-server.ts'], { env }))
walkRecipe('Bun', (env) => startServer(['bun', 'bun.ts'], { env }))
walkRecipe('Express', (env) => startServer([node, 'express.ts'], { env }))
walkRecipe('H3', (env) => startServer([node, 'h3.ts'], { env }))
walkRecipe('Elysia', (env) => startServer(['bun', 'elysia.ts'], { env }))
