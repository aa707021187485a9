import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { type Report, skippedLine } from './reports.ts'

/** A vitest reporter that writes what each project counted to a file; without a file it does nothing. */
export function countReporter(file: string | undefined): Reporter {
  return {
    onTestRunEnd(modules) {
      if (file) writeFileSync(file, JSON.stringify(reportsOf(modules)))
    },
  }
}

function reportsOf(modules: readonly TestModule[]): Report[] {
  const byProject = Map.groupBy(modules, (module) => module.project.name)
  return [...byProject].map(([runner, its]) => {
    const tests = its.flatMap((module) => [...module.children.allTests()])
    const withState = (state: string) => tests.filter((test) => test.result().state === state)
    const broken = its.filter((module) => module.state() === 'failed' && !hasFailedTest(module))
    return {
      runner,
      passed: withState('passed').length,
      failed: withState('failed').length + broken.length,
      skipped: withState('skipped').map(skipNote),
    }
  })
}

/** A module can fail as a whole: it did not load, or a hook threw. */
function hasFailedTest(module: TestModule): boolean {
  return [...module.children.allTests('failed')].length > 0
}

function skipNote(test: TestCase): string {
  const result = test.result()
  const reason = result.state === 'skipped' ? result.note : undefined
  return skippedLine(test.fullName, reason)
}
