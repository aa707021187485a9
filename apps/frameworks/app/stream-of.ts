/** A stream of texts, in as many pieces. */
export function streamOf(pieces: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const octets = pieces.map((piece) => new TextEncoder().encode(piece))
  return new ReadableStream({
    pull(controller) {
      const next = octets.shift()
      if (next) controller.enqueue(next)
      else controller.close()
    },
  })
}
