import { routesAt } from '../../../routes.ts'

export const { GET, POST, HEAD, OPTIONS, PUT, PATCH, DELETE } = routesAt('slash')
