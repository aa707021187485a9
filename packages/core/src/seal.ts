import * as iron from 'iron-webcrypto'
import { base64url, randomId, sha256 } from './base64url.ts'
import { createSealMemo } from './seal-memo.ts'

/** What a seal is for; each purpose has keys of its own. */
export type Purpose = 'flow' | 'answer' | 'token' | 'owner' | 'browser'

/** What a seal is bound to: made for one, it opens for no other. */
export interface Binding {
  readonly purpose: Purpose
  /** The cookie's short name, or the provider's. */
  readonly name: string
  readonly provider: string
  readonly owner: string
  /** Left out where only the seal itself knows it. */
  readonly account?: string
}

/** A seal's content. */
export interface Opened {
  readonly data: unknown
  readonly account: string
  readonly jti: string
  /** Seconds since epoch; 0 for never. */
  readonly exp: number
}

/** Sealing and opening under the dance's secrets. */
export interface Seals {
  /** Seals data under the newest secret; `exp` in seconds since epoch, 0 for never. */
  seal(binding: Binding, data: object, exp: number, jti?: string): Promise<string>
  /**
   * Opens a seal made for this binding, expired or not: `exp` is for the caller to judge. Null for anything else.
   * `isShape` looks at the data when the seal is opened for the first time.
   */
  open(binding: Binding, text: string, isShape: (data: unknown) => boolean): Promise<Opened | null>
  /** The data of a seal made for this binding that has not ended; null for anything else, and for none. */
  openLive<T>(
    binding: Binding,
    text: string | undefined,
    isShape: (data: unknown) => data is T,
  ): Promise<T | null>
  /** A keyed hash, for names that must not show what they are made of. */
  mac(text: string): Promise<string>
}

interface Password {
  readonly encryption: Uint8Array
  readonly integrity: Uint8Array
}

interface SecretKeys {
  readonly base: CryptoKey
  readonly id: string
  readonly passwords: Map<Purpose, Password>
}

interface Content {
  v: number
  purpose: string
  name: string
  provider: string
  owner: string
  account: string
  jti: string
  iat: number
  exp: number
  data: unknown
}

// Raw keys leave both salts empty, and the digest's last character has one canonical spelling
const sealPattern =
  /^Fe26\.2\*([0-9a-f]{16})\*\*[\w-]{22}\*[\w-]+\*\*\*[\w-]{42}[AEIMQUYcgkosw048]$/

/**
 * Makes the seals of one dance: iron with raw keys that HKDF-SHA-256 derives once from each secret.
 *
 * @param secrets Newest first, as octets; asked for at the first use. May throw `option_invalid`.
 */
export function createSeals(secrets: () => readonly Uint8Array<ArrayBuffer>[]): Seals {
  let ring: SecretKeys[] | undefined
  // What is kept is the result: a promise of another request's may never settle in workerd
  const keyRing = async (): Promise<SecretKeys[]> => {
    ring ??= await Promise.all(secrets().map(secretKeys))
    return ring
  }
  const newestKeys = async (): Promise<SecretKeys> => {
    const [newest] = await keyRing()
    if (!newest) throw new TypeError('the list of secrets is empty')
    return newest
  }
  const memo = createSealMemo()
  const seals: Seals = {
    async seal({ purpose, name, provider, owner, account = '' }, data, exp, jti = randomId()) {
      const newest = await newestKeys()
      const iat = Math.floor(Date.now() / 1000)
      const content: Content = {
        v: 1,
        purpose,
        name,
        provider,
        owner,
        account,
        jti,
        iat,
        exp,
        data,
      }
      const password = { id: newest.id, ...(await passwordFor(newest, purpose)) }
      return iron.seal(content, password, { ...iron.defaults, encode: JSON.stringify })
    },
    async open(binding, text, isShape) {
      const known = memo.get(text)
      const plain = known ?? (await decrypt(await keyRing(), binding.purpose, text))
      if (plain === null) return null
      const content = JSON.parse(plain) as Content // only seal() above makes text that opens
      if (!isBoundTo(content, binding)) return null
      if (known === undefined) {
        if (!isShape(content.data)) return null
        memo.set(text, plain)
      }
      const { data, account, jti, exp } = content
      return { data, account, jti, exp }
    },
    async openLive(binding, text, isShape) {
      const opened = text === undefined ? null : await seals.open(binding, text, isShape)
      // open() has looked at its shape
      return opened && opened.exp > Date.now() / 1000 ? (opened.data as never) : null
    },
    async mac(text) {
      const { base } = await newestKeys()
      return base64url(await derive(base, `mac/${await sha256(text)}`, 32))
    },
  }
  return seals
}

function isBoundTo(content: Content, binding: Binding): boolean {
  return (
    content.v === 1 &&
    content.purpose === binding.purpose &&
    content.name === binding.name &&
    content.provider === binding.provider &&
    content.owner === binding.owner &&
    (binding.account === undefined || content.account === binding.account)
  )
}

async function decrypt(ring: SecretKeys[], purpose: Purpose, text: string): Promise<string | null> {
  const id = sealPattern.exec(text)?.[1]
  const keys = ring.find((one) => one.id === id)
  if (id === undefined || !keys) return null
  const passwords = { [id]: await passwordFor(keys, purpose) }
  const options = { ...iron.defaults, decode: (plain: string) => plain }
  const plain = await iron.unseal(text, passwords, options).catch(() => null) // not ours, or tampered with
  return typeof plain === 'string' ? plain : null
}

async function secretKeys(secret: Uint8Array<ArrayBuffer>): Promise<SecretKeys> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const id = [...(await derive(base, 'key-id', 8))].map((octet) =>
    octet.toString(16).padStart(2, '0'),
  )
  return { base, id: id.join(''), passwords: new Map() }
}

async function passwordFor(keys: SecretKeys, purpose: Purpose): Promise<Password> {
  const known = keys.passwords.get(purpose)
  if (known) return known
  const [encryption, integrity] = await Promise.all([
    derive(keys.base, `${purpose}/enc`, 32),
    derive(keys.base, `${purpose}/mac`, 32),
  ])
  const password = { encryption, integrity }
  keys.passwords.set(purpose, password)
  return password
}

async function derive(
  base: CryptoKey,
  use: string,
  octets: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const info = new TextEncoder().encode(`fetch-dance/1/${use}`)
  const salt = new Uint8Array()
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, octets * 8))
}
