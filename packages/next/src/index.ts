export { danceProxy } from './dance-proxy.ts'
export { danceRoutes, withDance } from './dance-routes.ts'
export { type ActionVisit, danceAction, danceServer, type ServerVisit } from './dance-server.ts'
