// Prints how long workerd takes from its start to the first answer of the Workers + KV app, beside a Worker that only
// looks into KV: `npm run bench:start`.
import { bundle, workersApp } from '../../../scripts/bundle.ts'
import { firstAnswer } from './first-answer.ts'

const rounds = 20
/** Milliseconds that the app may add. */
const aim = 40

const trivialApp = `export default {
  async fetch(_request, env) {
    const found = await env.TOKENS.get('nothing')
    return new Response(found, { status: 401 })
  },
}`
const workers = [
  { name: 'a Worker that reads one key', script: trivialApp, times: [] as number[] },
  {
    name: 'the Workers + KV app',
    script: (await bundle(workersApp)).text,
    times: [] as number[],
  },
]

// Taken in turns: what slows the machine down meanwhile slows both. The first turn only warms it up.
for (let round = 0; round <= rounds; round++) {
  for (const { script, times } of workers) {
    const time = await firstAnswer(script)
    if (round > 0) times.push(time)
  }
}

const [trivial = 0, app = 0] = workers.map(({ times }) => median(times))
console.log(`workerd, from its start to the first answer; the median of ${rounds} starts\n`)
for (const { name, script, times } of workers) {
  const size = `${(script.length / 1000).toFixed(1).padStart(6)} kB`
  const fastest = `fastest ${Math.min(...times).toFixed(1)} ms`
  console.log(
    `  ${name.padEnd(27)} ${size} ${median(times).toFixed(1).padStart(7)} ms   ${fastest}`,
  )
}
const more = app - trivial
console.log(
  `\n  The app takes ${more.toFixed(1)} ms more; the aim is ${aim} ms: ${more <= aim ? 'met' : 'missed'}`,
)

function median(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
