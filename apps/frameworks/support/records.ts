import { readFileSync, writeFileSync } from 'node:fs'
import { themes } from '../requests/index.ts'

/** Recorded answers of one theme by the names of its requests. */
export type Records = Record<string, string[]>

/** Reads what was recorded of a theme: each answer below the name of its request. */
export function readRecords(theme: string): Records {
  const text = readFileSync(fileOf(theme), 'utf8')
  const blocks = text.split(/^# /m).slice(1)
  return Object.fromEntries(
    blocks.map((block) => {
      const [name = '', _request, ...answer] = block.trimEnd().split('\n')
      return [name, answer]
    }),
  )
}

/** Writes what was recorded of a theme. */
export function writeRecords(theme: string, records: Records): void {
  const blocks = Object.entries(records).map(([name, answer]) => {
    const { as, method = '', target = '' } = themes[theme]?.[name] ?? {}
    const shown = target.length > 160 ? `${target.slice(0, 160)}…` : target
    return [
      `# ${name}`,
      `${method} ${JSON.stringify(shown).slice(1, -1)} (${as})`,
      ...answer,
      '',
    ].join('\n')
  })
  writeFileSync(fileOf(theme), blocks.join('\n'))
}

function fileOf(theme: string): URL {
  return new URL(`../recorded/${theme}.txt`, import.meta.url)
}
