import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** A Chromium ready to be started, as plain data: what one process unpacks another can start. */
export interface Unpacked {
  readonly executablePath: string
  readonly args: string[]
  readonly env: Record<string, string>
  readonly folder: string
}

/** Unpacks the Chromium that lives in an npm package and needs nothing from the system. */
export async function unpackChromium(): Promise<Unpacked> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-e2e-'))
  // Both are read when the package is imported: where it unpacks itself, and that it shall bring its libraries.
  process.env.TMPDIR = folder
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  const executablePath = await packaged.executablePath()
  writeFileSync(join(folder, 'fonts', 'fonts.conf'), fontConfiguration(folder))
  const args = packaged.args.filter((argument) => !lax.has(argument))
  return { executablePath, args, env: environment(), folder }
}

export function openBrowser({ executablePath, args, env }: Unpacked): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [...args, '--disable-background-networking'],
    env,
  })
}

export function removeChromium({ folder }: Unpacked): void {
  rmSync(folder, { recursive: true, force: true })
}

/** The package's arguments that would make this browser another than people's: laxer, and with one process for all. */
const lax = new Set([
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
  '--disable-web-security',
  // In one process a visitor's scripts would speak with the cookies of another visitor.
  '--single-process',
])

function environment(): Record<string, string> {
  const set = Object.entries(process.env).filter(([, value]) => value !== undefined)
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]))
}

/** The package's own file looks for its fonts in /tmp only; without any font Chromium crashes on a text field. */
function fontConfiguration(folder: string): string {
  const prefer = (family: string, font: string): string =>
    `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`
  return `<?xml version="1.0"?>
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
  ${prefer('system-ui', 'Open Sans')}
  ${prefer('sans-serif', 'Open Sans')}
  ${prefer('monospace', 'DejaVu Sans Mono')}
</fontconfig>`
}
