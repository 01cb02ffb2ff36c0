import { AppError } from '@freehold/contract'
import { isIP } from 'node:net'

/** Whom a passkey is made for. */
export type RelyingParty = { id: string; origin: string }

/**
 * The relying party of an address: its host. Browsers make no passkeys for a bare address, so a server on loopback is known
 * as `localhost`, which a browser has to open it by; for any other bare address there is none.
 */
export function relyingPartyOf(address: string): RelyingParty | null {
  const url = new URL(address)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) === 0) return { id: host, origin: url.origin }
  if (host !== '::1' && !host.startsWith('127.')) return null
  url.hostname = 'localhost'
  return { id: 'localhost', origin: url.origin }
}

/** Same, where a passkey is asked for. */
export function requireRelyingParty(relyingParty: RelyingParty | null): RelyingParty {
  if (relyingParty) return relyingParty
  throw new AppError('invalid_state', 'Browsers make passkeys for names only. Set FREEHOLD_URL to a name, and open Freehold by it.')
}
