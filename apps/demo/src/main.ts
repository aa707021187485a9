import { type Demo, startDemo } from './demo.ts'

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(0))
}

try {
  const demo = await startDemo(process.env, (message) => console.log(message))
  console.log(welcome(demo))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

function welcome({ url, lantern, tokenSeconds, withGitHub }: Demo): string {
  const lines = [
    '',
    `  The demo runs at ${url}`,
    '',
    '  What to try',
    '  1. Press "Connect Lantern", sign in under any name, press "Allow".',
    `  2. Wait ${tokenSeconds} seconds and ask who you are: the token refreshes itself.`,
    '  3. Read your notes: that asks for one more scope. Then disconnect.',
    '',
    `  Lantern, the provider, runs at ${lantern.issuer}`,
    withGitHub
      ? `  GitHub is offered too; its callback is ${url}/login/github/callback`
      : '  GITHUB_OAUTH_CLIENT_ID and GITHUB_OAUTH_CLIENT_SECRET bring GitHub along.',
    '  Ctrl-C ends both.',
    '',
  ]
  return lines.join('\n')
}
