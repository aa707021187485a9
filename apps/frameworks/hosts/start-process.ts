import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** How a command is run. */
export interface ProcessOptions {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/**
 * Starts a server in a process of its own.
 *
 * @param listening What it prints when it listens, with its port.
 */
export async function startProcess(
  command: string,
  { listening, ...options }: ProcessOptions & { readonly listening: RegExp },
): Promise<{ port: number; stop(): Promise<void> }> {
  const { child, output, ended, end } = spawnQuietly(command, options)
  const port = await new Promise<number>((resolve, reject) => {
    const look = () => {
      const [, found] = listening.exec(output()) ?? []
      if (found !== undefined) resolve(Number(found))
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
    ended.then(() => reject(new Error(`${command} ended at once\n${output()}`)), reject)
  })
  const stop = async () => {
    end()
    await ended
  }
  return { port, stop }
}

/** Runs a command to its end. */
export async function runProcess(command: string, options: ProcessOptions): Promise<void> {
  const { child, output, ended } = spawnQuietly(command, options)
  await ended
  if (child.exitCode !== 0) {
    throw new Error(`${command} ended with exit code ${child.exitCode}\n${output()}`)
  }
}

function spawnQuietly(command: string, { args, env, cwd }: ProcessOptions) {
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own: what npm puts before a program has it as a child
  })
  const end = () => endGroup(child)
  process.once('exit', end)
  const ended = once(child, 'exit').finally(() => {
    process.off('exit', end)
    end() // whom it has left behind
  })
  return { child, output: outputOf(child), ended, end }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {} // nobody is left
}

/** All that a process has printed so far; it can go on printing. */
function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let output = ''
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return () => output
}
