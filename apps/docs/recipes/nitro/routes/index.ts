import { defineHandler, setCookie } from 'nitro/h3'

export default defineHandler(async (event) => {
  event.res.headers.set('cache-control', 'public, max-age=60')
  const connection = await event.context.visit.require('github')
  const user = await connection.fetch('/user')
  setCookie(event, 'seen', '1')
  setCookie(event, 'theme', 'dark')
  return user.text()
})
