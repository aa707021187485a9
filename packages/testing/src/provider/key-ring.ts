import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'

/** A signing key and its public half. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

/** The provider's signing keys. */
export interface KeyRing {
  readonly alg: string
  /** The key that signs now. */
  current(): Promise<SigningKey>
  /** The public halves the JWKS shows. */
  published(): Promise<JWK[]>
  /** Signs with a new key from now on. */
  rotate(keepOld: boolean): void
}

/** Makes a key ring; a key is generated when it is first used. */
export function createKeyRing(alg: string): KeyRing {
  let count = 1
  let slots = [newSlot(alg, count)]
  return {
    alg,
    current: () => slots[0]?.() ?? newSlot(alg, count)(),
    published: async () =>
      (await Promise.all(slots.map((slot) => slot()))).map((key) => key.publicJwk),
    rotate(keepOld) {
      count += 1
      slots = [newSlot(alg, count), ...(keepOld ? slots : [])]
    },
  }
}

function newSlot(alg: string, number: number): () => Promise<SigningKey> {
  let made: Promise<SigningKey> | undefined
  return () => {
    made ??= generateKey(alg, `key-${number}`)
    return made
  }
}

async function generateKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  return { kid, alg, privateKey, publicJwk }
}
