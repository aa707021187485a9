const life = 60_000
const capacity = 1_048_576

/** Plaintexts of verified seals, bounded in octets and age: a page with many calls opens its cookie once. */
export function createSealMemo(): {
  get(text: string): string | undefined
  set(text: string, plain: string): void
} {
  const entries = new Map<string, { plain: string; until: number }>()
  let octets = 0
  const drop = (text: string) => {
    const entry = entries.get(text)
    if (entry) octets -= text.length + entry.plain.length
    entries.delete(text)
  }
  return {
    get(text) {
      const entry = entries.get(text)
      if (entry && entry.until > Date.now()) return entry.plain
      drop(text)
      return undefined
    },
    set(text, plain) {
      drop(text)
      octets += text.length + plain.length
      entries.set(text, { plain, until: Date.now() + life })
      for (const oldest of entries.keys()) {
        if (octets <= capacity) break
        drop(oldest)
      }
    },
  }
}
