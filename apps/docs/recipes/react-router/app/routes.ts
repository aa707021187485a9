import { index, type RouteConfig, route } from '@react-router/dev/routes'

export default [
  index('routes/home.tsx'),
  route('login/*', 'routes/login.ts'),
  route('start', 'routes/start.tsx'),
  route('echo', 'routes/echo.ts'),
] satisfies RouteConfig
