import { defineHandler, setCookie } from 'nitro/h3'

export default defineHandler(async (event) => {
  const connection = await event.context.visit.require('github')
  const user = await connection.fetch('/user')
  setCookie(event, 'seen', '1')
  setCookie(event, 'theme', 'dark')
  event.res.headers.set('cache-control', 'public, max-age=60')
  return user.text()
})
