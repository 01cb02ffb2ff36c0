import type { Tx } from '@freehold/db'
import { deriveKey, hashToken, seal, unseal } from '@freehold/kit'
import { deleteExpiredChallenges, insertAnsweredChallenge } from './queries.ts'

export type TicketKind = 'totp setup' | 'passkey setup' | 'passkey sign-in' | 'oidc sign-in'

export type Tickets = {
  /** Seals what the second call of a ceremony must know, for one purpose and holder. */
  issue(kind: TicketKind, holder: string, value: Record<string, string>, now: Date): string
  /** What was sealed; null for a ticket that is forged, somebody else's, for something else, or too old. */
  open(kind: TicketKind, holder: string, ticket: string, now: Date): Record<string, string> | null
}

export const ticketLifetimeSeconds = 300

/** What a first call hands out for the second, so that the server keeps nothing in between. */
export function createTickets(rootKey: Uint8Array): Tickets {
  const key = deriveKey(rootKey, 'sign-in tickets')
  return {
    issue(kind, holder, value, now) {
      const expires = now.getTime() + ticketLifetimeSeconds * 1000
      return seal(key, JSON.stringify({ value, expires }), [kind, holder]).toString('base64url')
    },
    open(kind, holder, ticket, now) {
      try {
        const opened = unseal(key, Buffer.from(ticket, 'base64url'), [kind, holder]).toString()
        const { value, expires } = JSON.parse(opened) as { value: Record<string, string>; expires: number }
        return expires > now.getTime() ? value : null
      } catch {
        return null
      }
    },
  }
}

/** Uses a ticket up in the transaction that it is for; false when it was used before. */
export async function spendTicket(tx: Tx, ticket: string, at: Date): Promise<boolean> {
  // Of the bytes: base64 can be written in several ways.
  const hash = hashToken(Buffer.from(ticket, 'base64url').toString('hex'))
  const expiresAt = new Date(at.getTime() + ticketLifetimeSeconds * 1000)
  const { scope } = tx
  await tx.enter({ ...scope, proof: { ...scope.proof, challenge_hash: hash.toString('hex') } })
  const spent = await tx.run(insertAnsweredChallenge(hash, expiresAt))
  await tx.run(deleteExpiredChallenges(at))
  await tx.enter(scope)
  return spent === 1
}
