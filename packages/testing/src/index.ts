export type { AtTime, Opened, TestRunner } from './contract.ts'
export { type App, type CookieJar, cookieJar } from './cookie-jar.ts'
export { describeKv, type KvSuite } from './describe-kv.ts'
export { describeTokenStorage, type TokenStorageSuite } from './describe-token-storage.ts'
export { type FakeProvider, fakeProvider } from './fake-provider.ts'
export type { Site, StoredCookie } from './jar/cookie-rules.ts'
export type { SendOptions } from './jar/make-request.ts'
export type { SameSite } from './jar/set-cookie.ts'
export { joinFakes } from './join-fakes.ts'
export { type MemoryKvOptions, memoryKv } from './memory-kv.ts'
export { memoryStorage } from './memory-storage.ts'
export { nullStorage } from './null-storage.ts'
export type { RequestLog } from './provider/fake-fetch.ts'
export type { Fault } from './provider/faults.ts'
export type { FakePreset } from './provider/preset.ts'
export type { FakeUser } from './provider/resources.ts'
export type {
  FakePerson,
  FakeProviderOptions,
  FakeSettings,
  FakeTamper,
  IdTokenParts,
} from './provider/settings.ts'
export { type SignedInOptions, signedInJar } from './signed-in-jar.ts'
export { walkDance } from './walk-dance.ts'
