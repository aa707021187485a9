import type { NextConfig } from 'next'

// The sources of the workspace, not built packages.
const config: NextConfig = {
  transpilePackages: ['fetch-dance', '@fetch-dance/next', '@fetch-dance/testing'],
  typescript: { ignoreBuildErrors: true },
}

export default config
