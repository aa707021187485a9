import { defineHandler } from 'nitro/h3'

export default defineHandler(({ req }) => new Response(req.body))
