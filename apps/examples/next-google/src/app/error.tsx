'use client'

/** What a visitor sees when a page fails. Why, is told to the server's log alone. */
export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <>
      <p className="notice bad" role="status">
        That did not work out. Your connection is kept.
      </p>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </>
  )
}
