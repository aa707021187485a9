import { type FakeProvider, type FakeProviderOptions, fakeProvider } from '@fetch-dance/testing'

/** A fake OpenID provider for tests that are not about its keys: making an RSA key takes a hundred times as long. */
export function oidcFake(options: FakeProviderOptions = {}): FakeProvider {
  return fakeProvider({ oidc: true, algorithm: 'ES256', ...options })
}
