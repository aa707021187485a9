// Starts every root command: installs what the task needs, then runs its script under the Node of the
// workspace. Node 20 and npm run this file before anything is installed: no TypeScript, no dependency.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pnpmCommand } from './pnpm.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const stamps = join(root, 'node_modules', '.fetch-dance')

/** Tasks that need only a part of the workspace: an app, or all save what is measured beside us. */
const partial = {
  'demo:run': () => ['--prod', '--filter', '@fetch-dance/demo...'],
  'example:run': (name) => ['--prod', '--filter', `@fetch-dance/example-${knownExample(name)}...`],
  'test:all': () =>
    ['bench', 'docs', 'frameworks', 'example*'].flatMap((name) => [
      '--filter',
      `!@fetch-dance/${name}`,
    ]),
}

await go(process.argv[2] ?? '', process.argv.slice(3))

async function go(task, rest) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (!Object.hasOwn(scripts, task)) fail(`Cannot run "${task}": no such script in package.json`)
  await install(task, rest)
  if (!nodeFits())
    fail(`Cannot run "${task}": Node 22.18 or newer is needed, this is ${process.version}`)
  const command = [scripts[task], ...rest.map(quoted)].join(' ')
  // With a shell in between, the command would be killed as soon as that has ended.
  const own = process.platform === 'win32' ? command : `exec ${command}`
  process.exitCode = await run(own, { shell: true })
}

/** Installs everything, or only a part of it; nothing if that has been done for this lockfile. */
async function install(task, rest) {
  const part = partial[task]?.(...rest)
  const stamp = part ? part.join('').replaceAll(/[^\w-]+/g, '-') : 'all'
  const state = lockState()
  if (isStamped('all', state) || isStamped(stamp, state)) return
  console.log(`Installing ${part ? 'what this needs' : 'the workspace'} (once) ...`)
  const [command, ...first] = pnpmCommand()
  // A part without the development tools would remove those that are already there.
  const hasTools = existsSync(join(root, 'node_modules', 'typescript'))
  const only = (part ?? []).filter((word) => !hasTools || word !== '--prod')
  const code = await run(command, { args: [...first, ...only, 'install', '--frozen-lockfile'] })
  if (code !== 0) process.exit(code)
  mkdirSync(stamps, { recursive: true })
  writeFileSync(join(stamps, stamp), state)
}

function knownExample(name) {
  const folder = join(root, 'apps', 'examples')
  const names = readdirSync(folder).filter((known) =>
    existsSync(join(folder, known, 'src/main.ts')),
  )
  if (names.includes(name)) return name
  const wrong = name ? `"${name}" is none of the examples` : 'it takes the name of an example'
  return fail(`Cannot run: ${wrong}: npm run example ${names.join(' | ')}`)
}

function lockState() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function isStamped(name, state) {
  const file = join(stamps, name)
  return existsSync(file) && readFileSync(file, 'utf8') === state
}

/** Linux gets Node 24 from the workspace; elsewhere the one that runs this has to be new enough. */
function nodeFits() {
  if (binaries().some((folder) => existsSync(join(folder, 'node')))) return true
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

function binaries() {
  return [join(root, 'node_modules', '.bin'), join(root, 'apps', 'demo', 'node_modules', '.bin')]
}

/** Runs a command in a process group of its own, so that one signal ends all of it. */
function run(command, { args = [], shell = process.platform === 'win32' }) {
  const env = {
    ...process.env,
    PATH: [...binaries(), process.env.PATH].join(delimiter),
    DO_NOT_TRACK: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    WRANGLER_SEND_METRICS: 'false',
  }
  const detached = process.platform !== 'win32'
  const child = spawn(command, args, {
    cwd: root,
    env,
    shell,
    detached,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const stop = (signal) => {
    sendToGroup(child, signal)
    setTimeout(() => sendToGroup(child, 'SIGKILL'), 3000).unref()
  }
  for (const signal of stopSignals) process.on(signal, stop)
  // npm passes a signal on to its shell alone: when that has gone, this has to go too.
  const parent = process.ppid
  const watch = setInterval(() => process.ppid === parent || stop('SIGTERM'), 250)
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`Cannot start ${command}: ${error.message}`))
    child.on('close', (code, signal) => {
      clearInterval(watch)
      for (const name of stopSignals) process.off(name, stop)
      sendToGroup(child, 'SIGKILL')
      resolve(signal ? 130 : (code ?? 1))
    })
  })
}

function sendToGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal)
    else if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // Nothing of the group is left.
  }
}

function quoted(argument) {
  return `'${argument.replaceAll("'", "'\\''")}'`
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
