import { startServer } from './support/running.ts'
import { walkServer } from './support/walk-recipe.ts'

const node = process.execPath

walkServer('srvx', (env) => startServer([node, 'srvx.ts'], { env }))
walkServer('@hono/node-server', (env) => startServer([node, 'node-server.ts'], { env }))
walkServer('Bun', (env) => startServer(['bun', 'bun.ts'], { env }))
walkServer('Express', (env) => startServer([node, 'express.ts'], { env }))
walkServer('H3', (env) => startServer([node, 'h3.ts'], { env }))
walkServer('Elysia', (env) => startServer(['bun', 'elysia.ts'], { env }))
