import * as iron from 'iron-webcrypto'
import { base64url, fromBase64url, randomId, sha256 } from './base64url.ts'
import { createSealMemo } from './seal-memo.ts'
import { now } from './token.ts'

/** What a seal is for; each purpose has keys of its own. */
export type Purpose = 'flow' | 'answer' | 'token' | 'owner' | 'browser' | 'connect'

/** What a seal is bound to: made for one, it opens for no other. What is left out is ''. */
export interface Binding {
  readonly purpose: Purpose
  /** The cookie's short name, or the provider's. */
  readonly name: string
  readonly provider?: string
  readonly owner?: string
  readonly account?: string
}

/** What a seal holds beside its binding. */
export interface Opened<T> {
  readonly data: T
  readonly jti: string
  /** Seconds since epoch; 0 for never. */
  readonly exp: number
}

/** Tells whether opened data is what it should be; asked when a seal is opened for the first time. */
type IsShape<T> = (data: unknown) => data is T

/** Sealing and opening under the dance's secrets. */
export interface Seals {
  /** Seals data under the newest secret; `exp` in seconds since epoch, 0 for never. */
  seal(binding: Binding, data: object, exp: number): Promise<string>
  /** Opens a seal made for this binding, expired or not: `exp` is for the caller to judge. Null for anything else. */
  open<T>(
    binding: Binding,
    text: string | undefined,
    isShape: IsShape<T>,
  ): Promise<Opened<T> | null>
  /** The data of a seal made for this binding that has not ended; null for anything else. */
  openLive<T>(binding: Binding, text: string | undefined, isShape: IsShape<T>): Promise<T | null>
  /** Whether a seal was made under an older secret than the newest. */
  isOld(text: string): Promise<boolean>
  /** A keyed hash, for names that must not show what they are made of. */
  mac(text: string): Promise<string>
}

interface Content extends Opened<never> {
  readonly [member: string]: unknown
}

interface Password {
  readonly id: string
  readonly encryption: Uint8Array
  readonly integrity: Uint8Array
}

interface SecretKeys {
  readonly id: string
  readonly base: CryptoKey
  readonly passwords: Map<Purpose, Password>
}

// Raw keys leave both salts empty, and the digest's last character has one canonical spelling
const sealPattern =
  /^Fe26\.2\*([0-9a-f]{16})\*\*([\w-]{22})\*([\w-]+)\*\*\*([\w-]{42}[AEIMQUYcgkosw048])$/

/**
 * Makes the seals of one dance: iron with raw keys that HKDF-SHA-256 derives once from each secret.
 *
 * @param secrets Newest first, as octets; asked for at the first use. May throw `option_invalid`.
 */
export function createSeals(secrets: () => readonly Uint8Array<ArrayBuffer>[]): Seals {
  let ring: SecretKeys[] | undefined
  // What is kept is the result: a promise of another request's may never settle in workerd
  const keyRing = async () => {
    ring ??= await Promise.all(secrets().map(secretKeys))
    return ring as [SecretKeys, ...SecretKeys[]] // without a secret it would have thrown
  }
  const memo = createSealMemo()
  const seals: Seals = {
    async seal(binding, data, exp) {
      const [newest] = await keyRing()
      const password = await passwordFor(newest, binding.purpose)
      const content = { ...bound(binding), jti: randomId(), iat: now(), exp, data }
      return encrypt(password, JSON.stringify(content))
    },
    async open(binding, text, isShape) {
      if (text === undefined) return null
      const known = memo.get(text)
      const plain = known ?? (await decrypt(await keyRing(), binding.purpose, text))
      if (plain === null) return null
      const content = JSON.parse(plain) as Content // only seal() above makes text that opens
      const isBound = Object.entries(bound(binding)).every(
        ([name, value]) => content[name] === value,
      )
      if (!isBound || !(known || isShape(content.data))) return null
      if (!known) memo.set(text, plain)
      return content
    },
    async openLive(binding, text, isShape) {
      const opened = await seals.open(binding, text, isShape)
      return opened && opened.exp > Date.now() / 1000 ? opened.data : null
    },
    async isOld(text) {
      const [{ id }] = await keyRing()
      return sealPattern.exec(text)?.[1] !== id
    },
    async mac(text) {
      const [{ base }] = await keyRing()
      return base64url(await derive(base, `mac/${await sha256(text)}`))
    },
  }
  return seals
}

// The members of a seal that are compared when it is opened.
function bound({ purpose, name, provider = '', owner = '', account = '' }: Binding) {
  return { v: 1, purpose, name, provider, owner, account }
}

// What iron.seal does with raw keys; iron.seal itself, which looks at the content and takes passwords too, weighs three
// times as much. A test holds both ways against iron's own.
async function encrypt({ id, encryption, integrity }: Password, plain: string): Promise<string> {
  const { encrypted, key } = await iron.encrypt(encryption, iron.defaults.encryption, plain)
  const text = `${iron.macPrefix}*${id}**${base64url(key.iv)}*${base64url(encrypted)}*`
  const { digest } = await iron.hmacWithPassword(integrity, iron.defaults.integrity, text)
  return `${text}**${digest}`
}

async function decrypt(ring: SecretKeys[], purpose: Purpose, text: string): Promise<string | null> {
  const [, id, iv = '', encrypted = '', digest = ''] = sealPattern.exec(text) ?? []
  const keys = ring.find((one) => one.id === id)
  if (!keys) return null
  const { encryption, integrity } = await passwordFor(keys, purpose)
  const { key } = await iron.generateKey(integrity, iron.defaults.integrity)
  const signed = new TextEncoder().encode(text.slice(0, text.lastIndexOf('**')))
  const isOurs = await crypto.subtle.verify('HMAC', key, fromBase64url(digest), signed)
  const options = { ...iron.defaults.encryption, iv: fromBase64url(iv) }
  return isOurs ? iron.decrypt(encryption, options, fromBase64url(encrypted)) : null
}

async function secretKeys(secret: Uint8Array<ArrayBuffer>): Promise<SecretKeys> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const octets = [...(await derive(base, 'key-id', 8))]
  const id = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('')
  return { id, base, passwords: new Map() }
}

async function passwordFor(
  { id, base, passwords }: SecretKeys,
  purpose: Purpose,
): Promise<Password> {
  const known = passwords.get(purpose)
  if (known) return known
  const encryption = await derive(base, `${purpose}/enc`)
  const integrity = await derive(base, `${purpose}/mac`)
  const password = { id, encryption, integrity }
  passwords.set(purpose, password)
  return password
}

async function derive(base: CryptoKey, use: string, octets = 32): Promise<Uint8Array<ArrayBuffer>> {
  const info = new TextEncoder().encode(`fetch-dance/1/${use}`)
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, octets * 8))
}
