import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export interface OpenBrowser {
  readonly browser: Browser
  close(): Promise<void>
}

/** Starts the Chromium that lives in an npm package and needs nothing from the system. */
export async function openBrowser(): Promise<OpenBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-e2e-'))
  // Both are read when the package is imported: where it unpacks itself, and that it shall bring its libraries.
  process.env.TMPDIR = folder
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  const executablePath = await packaged.executablePath()
  writeFileSync(join(folder, 'fonts', 'fonts.conf'), fontConfiguration(folder))
  const browser = await chromium.launch({
    executablePath,
    args: [...packaged.args, '--disable-background-networking'],
  })
  return {
    browser,
    async close() {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
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
