import type { App, CookieJar } from '@fetch-dance/testing'
import { origin } from './scene.ts'

/** Presses a button whose form is a server action, in a browser that runs no scripts: the answer is the page anew. */
export async function press(
  app: App,
  jar: CookieJar,
  path: string,
  button: string,
): Promise<Response> {
  const body = new FormData()
  body.set(`$ACTION_ID_${await actionOf(app, jar, button)}`, '')
  return jar.send(app, origin + path, { method: 'POST', body })
}

/** Presses it where scripts run: the answer is for React. */
export async function pressWithScripts(
  app: App,
  jar: CookieJar,
  path: string,
  button: string,
): Promise<Response> {
  const headers = {
    'next-action': await actionOf(app, jar, button),
    'content-type': 'text/plain;charset=UTF-8',
    accept: 'text/x-component',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
    referer: origin + path,
  }
  return jar.send(app, origin + path, { method: 'POST', headers, body: '[]' })
}

// Looked up where no proxy stands before, and with a copy of the cookies: nothing changes by looking.
async function actionOf(app: App, jar: CookieJar, button: string): Promise<string> {
  const html = await (await jar.copy().send(app, `${origin}/bare-actions`)).text()
  const form = html.split('<form').find((one) => one.includes(`>${button}</button>`))
  const [, id] = /name="\$ACTION_ID_(\w+)"/.exec(form ?? '') ?? []
  if (id === undefined) throw new Error(`The page has no button "${button}"`)
  return id
}
