import { denoKv } from '@fetch-dance/storages/deno-kv'
import { createApp } from '../app.ts'
import { unpack } from '../envelope.ts'
import type { RaceEnv } from '../row.ts'

const settings = Deno.args[0] ?? ''
const { env, path }: { env: RaceEnv; path: string } = JSON.parse(settings)
const app = createApp(env, denoKv(await Deno.openKv(path)))

// Whoever started this reads the port from the first line
const onListen = ({ port }: { port: number }) => console.log(port)
Deno.serve({ hostname: '127.0.0.1', port: 0, onListen }, (request) => app(unpack(request)))

// Ends with whoever started this: a signal would only reach the script that runs Deno
for await (const _ of Deno.stdin.readable);
Deno.exit()
