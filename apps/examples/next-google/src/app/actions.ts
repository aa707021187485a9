'use server'

import { danceAction } from '@fetch-dance/next'
import { DanceError } from 'fetch-dance'
import { redirect } from 'next/navigation'
import { addEvent } from '../calendar.ts'
import { dance, writeScope } from '../dance.ts'

/** Adds an event. Who has not given the scope for it is asked, and comes back to what was typed. */
export async function add(form: FormData): Promise<void> {
  const text = String(form.get('text') ?? '').slice(0, 200)
  const returnTo = `/?${new URLSearchParams({ text })}`
  const visit = await danceAction(dance)
  try {
    const connection = await visit.require('google', { returnTo, scopes: [writeScope] })
    await addEvent(connection, text)
  } catch (error) {
    if (error instanceof DanceError) redirect(`${returnTo}&error=${error.code}`)
    throw error
  }
  redirect('/')
}

/** Ends the connection, here and at Google. The page that follows shows it. */
export async function disconnect(): Promise<void> {
  const visit = await danceAction(dance)
  const connection = await visit.connection('google')
  await connection.disconnect()
}
