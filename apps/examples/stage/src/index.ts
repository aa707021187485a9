/** What the examples stand on. Their own code is about the library; what is not, is here. */

export { type CommandOptions, runCommand, type ServerOptions, startServer } from './commands.ts'
export { initialPicture } from './initial-picture.ts'
export { lanternProvider } from './lantern-provider.ts'
export { readStyle } from './read-style.ts'
export { isSameOrigin } from './same-origin.ts'
export { type Env, type Example, type RunningApp, startExample } from './start-example.ts'
