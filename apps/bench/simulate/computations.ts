import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'

type Octets = Uint8Array<ArrayBuffer>

/**
 * What the dance computes with Web Crypto, here without its threads: they answer when they like, and a schedule has to
 * be the same every time. A key is its octets.
 */
export const computations: Readonly<Record<string, (...args: never[]) => unknown>> = {
  importKey: (_format: 'raw', octets: Octets) => octets,
  digest: (_hash: 'SHA-256', data: Octets) => createHash('sha256').update(data).digest(),
  deriveBits: ({ salt, info }: { salt: Octets; info: Octets }, key: Octets, bits: number) =>
    hkdfSync('sha256', key, salt, info, bits / 8),
  sign: (_name: unknown, key: Octets, data: Octets) => hmac(key, data),
  verify: (_name: unknown, key: Octets, signature: Octets, data: Octets) =>
    timingSafeEqual(hmac(key, data), signature),
  encrypt({ iv }: { iv: Octets }, key: Octets, data: Octets) {
    const cipher = createCipheriv('aes-256-cbc', key, iv)
    return Buffer.concat([cipher.update(data), cipher.final()])
  },
  decrypt({ iv }: { iv: Octets }, key: Octets, data: Octets) {
    const decipher = createDecipheriv('aes-256-cbc', key, iv)
    return Buffer.concat([decipher.update(data), decipher.final()])
  },
}

function hmac(key: Octets, data: Octets): Buffer {
  return createHmac('sha256', key).update(data).digest()
}
