import type { Html } from './html.ts'
import { logEntry } from './page/log.ts'
import type { Entry } from './types.ts'
import { visitorOf } from './visitor.ts'

/** What happened, per browser: nobody reads another's. */
export interface Journal {
  add(visitor: string | null, entry: Pick<Entry, 'name' | 'text' | 'tone'>): void
  entries(visitor: string | null): readonly Entry[]
  /** The visitor's entries as server-sent events, from the last one they know on. */
  stream(request: Request): Response
}

type Reader = (entry: Entry) => void

interface Shelf {
  readonly entries: Entry[]
  readonly readers: Set<Reader>
}

const mostVisitors = 500
const mostEntries = 40

export function createJournal(): Journal {
  const shelves = new Map<string, Shelf>()
  let lastId = 0
  return {
    add(visitor, { name, text, tone }) {
      if (visitor === null) return
      const shelf = takeShelf(shelves, visitor)
      const entry = { id: ++lastId, at: new Date(), name, text, tone }
      shelf.entries.push(entry)
      if (shelf.entries.length > mostEntries) shelf.entries.shift()
      for (const read of shelf.readers) read(entry)
    },
    entries: (visitor) => shelves.get(visitor ?? '')?.entries ?? [],
    stream(request) {
      const visitor = visitorOf(request)
      if (visitor === null) return new Response(null, { status: 204 })
      return streamShelf(takeShelf(shelves, visitor), lastKnown(request))
    },
  }
}

function takeShelf(shelves: Map<string, Shelf>, visitor: string): Shelf {
  const known = shelves.get(visitor)
  if (known !== undefined) return known
  const shelf = { entries: [], readers: new Set<Reader>() }
  shelves.set(visitor, shelf)
  const [oldest] = shelves.keys()
  if (shelves.size > mostVisitors && oldest !== undefined) shelves.delete(oldest)
  return shelf
}

/** A browser that reconnects names the last event it saw; a new page names the last it was built with. */
function lastKnown(request: Request): number {
  const after = new URL(request.url).searchParams.get('after')
  return Number(request.headers.get('last-event-id') ?? after) || 0
}

function streamShelf(shelf: Shelf, after: number): Response {
  const encoder = new TextEncoder()
  let reader: Reader
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      reader = (entry) => controller.enqueue(encoder.encode(frame(entry)))
      controller.enqueue(encoder.encode('retry: 1000\n\n'))
      for (const entry of shelf.entries) if (entry.id > after) reader(entry)
      shelf.readers.add(reader)
    },
    cancel() {
      shelf.readers.delete(reader)
    },
  })
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
  return new Response(body, { headers })
}

function frame(entry: Entry): string {
  return `id: ${entry.id}\ndata: ${oneLine(logEntry(entry))}\n\n`
}

function oneLine(part: Html): string {
  return part.markup.replace(/\s*\n\s*/g, ' ')
}
