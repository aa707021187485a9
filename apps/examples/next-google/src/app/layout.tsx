import '@fetch-dance/examples-stage/style.css'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'

export const metadata: Metadata = { title: 'My calendar' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <header className="top">
          <strong>fetch-dance</strong> <span>next-google</span>
        </header>
        <main>
          <div className="intro">
            <h1>My calendar</h1>
            <p>What comes next, from your own Google calendar.</p>
          </div>
          {children}
        </main>
      </body>
    </html>
  )
}
