import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { somePort } from './app-process.ts'
import { startDemoProcess } from './demo-process.ts'

describe('npm run demo', () => {
  test('prints the app’s address first, and what to try', async () => {
    const demo = await startDemoProcess()
    const page = await (await fetch(demo.url)).text()
    const output = demo.output()
    await demo.stop()
    expect(page).toContain('Connect Lantern')
    expect(page).not.toContain('Connect GitHub')
    expect(output).toMatch(/^\s*The demo runs at http:\/\/localhost:\d+\n/)
    expect(output).toContain('What to try')
    expect(output).not.toContain('WARNING')
  })

  test('says that a port is taken and takes the next', async () => {
    const port = await somePort()
    const stranger = createServer().listen(port, '127.0.0.1')
    await once(stranger, 'listening')
    const demo = await startDemoProcess({ PORT: String(port) })
    await demo.stop()
    stranger.close()
    expect(demo.output()).toContain(`Port ${port} is taken, trying ${port + 1}`)
    expect(demo.url).not.toBe(`http://localhost:${port}`)
  })

  test('ends both servers at once on Ctrl-C, also while somebody is watching', async () => {
    const demo = await startDemoProcess()
    const page = await fetch(demo.url)
    const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? ''
    const watching = await fetch(`${demo.url}/events`, { headers: { cookie } })
    expect(watching.headers.get('content-type')).toBe('text/event-stream')
    const before = Date.now()
    await demo.stop('SIGINT')
    expect(Date.now() - before).toBeLessThan(1000)
    await expect(fetch(demo.url)).rejects.toThrow()
    await expect(fetch(demo.lantern)).rejects.toThrow()
    await watching.body?.cancel().catch(() => 'the stream broke with the server')
  })

  test('names what is wrong with PORT', async () => {
    await expect(startDemoProcess({ PORT: 'web' })).rejects.toThrow('PORT is "web"')
  })

  test('offers GitHub where its credentials are set', async () => {
    const demo = await startDemoProcess({
      GITHUB_OAUTH_CLIENT_ID: 'an-id',
      GITHUB_OAUTH_CLIENT_SECRET: 'a-secret',
    })
    const page = await (await fetch(demo.url)).text()
    const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' }
    const login = await fetch(`${demo.url}/login/github`, { headers, redirect: 'manual' })
    await demo.stop()
    expect(page).toContain('Connect GitHub')
    expect(login.headers.get('location')).toMatch(
      /^https:\/\/github\.com\/login\/oauth\/authorize\?/,
    )
  })
})
