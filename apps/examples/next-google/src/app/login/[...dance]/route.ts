import { danceRoutes } from '@fetch-dance/next'
import { dance } from '../../../dance.ts'

export const { GET, POST, HEAD, OPTIONS, PUT, PATCH, DELETE } = danceRoutes(dance)
