const life = 60_000
const capacity = 1_048_576

/** Plaintexts of verified seals, bounded in size and age: a page with many calls opens its cookie once. */
export function createSealMemo(): {
  get(text: string): string | undefined
  set(text: string, plain: string): void
} {
  const entries = new Map<string, { plain: string; until: number }>()
  let size = 0
  return {
    get(text) {
      const entry = entries.get(text)
      return entry && entry.until > Date.now() ? entry.plain : undefined
    },
    set(text, plain) {
      size += text.length + plain.length
      if (size > capacity) {
        entries.clear()
        size = text.length + plain.length
      }
      entries.set(text, { plain, until: Date.now() + life })
    },
  }
}
