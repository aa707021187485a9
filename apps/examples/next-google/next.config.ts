import type { NextConfig } from 'next'

const config: NextConfig = {
  // In this repository they are TypeScript; from the registry they come built, and need no such line.
  transpilePackages: [
    'fetch-dance',
    '@fetch-dance/examples-stage',
    '@fetch-dance/next',
    '@fetch-dance/providers',
  ],
  typescript: { ignoreBuildErrors: true }, // the whole repository is compiled at once
  poweredByHeader: false,
  headers: async () => [
    {
      source: '/((?!login/).*)', // the dance's pages have headers of their own
      headers: [
        {
          key: 'content-security-policy',
          value: "base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
        },
        { key: 'referrer-policy', value: 'same-origin' },
        { key: 'x-content-type-options', value: 'nosniff' },
      ],
    },
  ],
}

export default config
