import { Outlet, Scripts } from 'react-router'
import { danceMiddleware } from './dance-middleware.ts'

export const middleware = [danceMiddleware]

export default function Root() {
  return (
    <html lang="en">
      <head>
        <title>Recipe</title>
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  )
}
