// Prints how long workerd takes from its start to the first answer of the Workers + KV app, beside a Worker that only
// looks into KV: `npm run bench:start`.
import { bundle, workersApp } from '../../../scripts/bundle.ts'
import { firstAnswer } from './first-answer.ts'

interface Measured {
  readonly name: string
  readonly script: string
  /** Milliseconds of each start. */
  readonly times: number[]
}

const rounds = 20
/** Milliseconds that the app may add. */
const aim = 40

const trivialApp = `export default {
  async fetch(_request, env) {
    const found = await env.TOKENS.get('nothing')
    return new Response(found, { status: 401 })
  },
}`
const trivial: Measured = { name: 'a Worker that reads one key', script: trivialApp, times: [] }
const { text } = await bundle(workersApp)
const app: Measured = { name: 'the Workers + KV app', script: text, times: [] }

// Taken in turns: what slows the machine down meanwhile slows both. The first turn only warms it up.
for (let round = 0; round <= rounds; round++) {
  for (const { script, times } of [trivial, app]) {
    const time = await firstAnswer(script)
    if (round > 0) times.push(time)
  }
}

console.log(`workerd, from its start to the first answer; the fastest of ${rounds} starts\n`)
printLine(trivial)
printLine(app)
const more = fastest(app) - fastest(trivial)
const outcome = more <= aim ? 'met' : 'missed'
console.log(`\n  The app takes ${more.toFixed(1)} ms more; the aim is ${aim} ms: ${outcome}`)

function printLine(measured: Measured): void {
  const size = `${(measured.script.length / 1000).toFixed(1).padStart(6)} kB`
  const time = `${fastest(measured).toFixed(1).padStart(7)} ms`
  console.log(`  ${measured.name.padEnd(27)} ${size} ${time}`)
}

// What else the machine does at the time can only add to it
function fastest({ times }: Measured): number {
  return Math.min(...times)
}
