/** What a visitor sees who has not connected. */
export function ConnectCard({ loginURL }: { loginURL: string }) {
  return (
    <section className="card">
      <h2>Google</h2>
      <p className="soft">
        Shows what is next in your calendar. It asks to see who you are and to read your calendar;
        to add something it asks when you do.
      </p>
      <a className="button primary" href={loginURL}>
        Connect Google
      </a>
    </section>
  )
}
