import { honoNodeDifferences, nodeDifferences } from '../differences/node.ts'
import { startHono, startHonoNode, startHonoSrvx } from '../hosts/hono.ts'
import { testFramework } from './framework.ts'

testFramework('danceMiddleware() in Hono', startHono)
testFramework('danceMiddleware() on @hono/node-server', startHonoNode, honoNodeDifferences)
testFramework('danceMiddleware() on srvx', startHonoSrvx, nodeDifferences)
