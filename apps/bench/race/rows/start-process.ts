import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface StartedProcess {
  /** What the pattern's group matched. */
  readonly found: string
  /** Ends the program's input, and waits until it has gone by itself. */
  end(): Promise<void>
  kill(): Promise<void>
}

/** Starts a program and waits until what it prints matches. */
export async function startProcess(
  command: string,
  args: readonly string[],
  ready: RegExp,
): Promise<StartedProcess> {
  const child = spawn(command, args, { stdio: 'pipe' })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let output = ''
  const read = (text: string) => {
    output += text
    const match = ready.exec(output)
    if (match !== null) resolve(match[1] ?? '')
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read)
  child.on('error', reject)
  child.on('exit', (code) => reject(new Error(`"${command}" ended with ${code}: ${output}`)))
  return {
    found: await promise,
    end: () => leave(child, () => child.stdin.end()),
    kill: () => leave(child, () => child.kill('SIGKILL')),
  }
}

async function leave(child: ChildProcess, send: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  send()
  await exit
}
