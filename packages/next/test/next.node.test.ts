import { afterAll, beforeAll } from 'vitest'
import { tellActions } from './suites/actions.ts'
import { tellComponents } from './suites/components.ts'
import { tellParallel } from './suites/parallel.ts'
import { tellProxy } from './suites/proxy.ts'
import { tellReadme } from './suites/readme.ts'
import { tellRoutes } from './suites/routes.ts'
import { tellUnanswered } from './suites/unanswered.ts'
import { openScene, type Scene } from './support/scene.ts'

// One app for all: it is built and started as it would be in production.
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
}, 300_000)

afterAll(() => scene?.close())

for (const tell of [
  tellReadme,
  tellRoutes,
  tellComponents,
  tellActions,
  tellProxy,
  tellParallel,
  tellUnanswered,
]) {
  tell(() => scene)
}
