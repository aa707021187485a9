import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Env, RunningApp } from './start-example.ts'

/** Where and with what a command runs. */
export interface CommandOptions {
  readonly cwd: string
  readonly env: Env
}

/** Runs a command to its end: a build. Throws where it fails. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<void> {
  const child = start(command, args, options)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`Cannot start: ${command} ended with exit code ${code}`)
}

/** Options of {@link startServer}. */
export interface ServerOptions extends CommandOptions {
  /** The port that the server is told to listen on. */
  readonly port: number
}

/** Starts a command that serves; returns once it listens. */
export async function startServer(
  command: string,
  args: readonly string[],
  options: ServerOptions,
): Promise<RunningApp> {
  const child = start(command, args, options)
  const ended = once(child, 'exit')
  while (!(await listens(options.port))) {
    if (hasEnded(child)) throw new Error(`Cannot start: ${command} ended`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    async close() {
      if (hasEnded(child)) return
      child.kill()
      // Some wait for every connection, also for those that a browser only keeps ready.
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The tools of the example itself come first: `next`, `wrangler`, `deno`. */
function start(
  command: string,
  args: readonly string[],
  { cwd, env }: CommandOptions,
): ChildProcess {
  const path = `${cwd}/node_modules/.bin:${env.PATH ?? ''}`
  const stdio = ['ignore', 'inherit', 'inherit'] as const
  return spawn(command, args, { cwd, env: { ...env, PATH: path }, stdio: [...stdio] })
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: 'localhost', port })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false // nobody there yet
  } finally {
    socket.destroy()
  }
}
