import { createHash } from 'node:crypto'

/** Somebody who has signed in at Lantern. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
}

export interface Accounts {
  /** Any name signs in: the same name is the same account. */
  signIn(name: string): Account
  find(id: string): Account | undefined
}

export function createAccounts(): Accounts {
  const known = new Map<string, Account>()
  return {
    signIn(name) {
      const id = accountId(name)
      const account = { id, name, email: `${id}@lantern.example` }
      known.set(account.id, account)
      return account
    },
    find: (id) => known.get(id),
  }
}

function accountId(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 16)
}

/** The name as typed, tidied; `null` where nothing is left to show. */
export function readName(typed: string | null): string | null {
  const name = (typed ?? '')
    .normalize('NFC')
    .replace(/\p{C}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60)
  return name === '' ? null : name
}
