import { EpochMoved, type Tx } from '@freehold/db'
import { hashToken, seal, unseal } from '@freehold/kit'
import type { RootKeys } from '../root-keys/index.ts'
import { deleteExpiredChallenges, insertAnsweredChallenge } from './queries.ts'

export type TicketKind = 'totp setup' | 'passkey setup' | 'passkey sign-in' | 'oidc sign-in'

export type Tickets = {
  /** Seals what the second call of a ceremony must know, for one purpose and holder. */
  issue(kind: TicketKind, holder: string, value: Record<string, string>, now: Date): string
  /** What was sealed; null for a ticket that is forged, somebody else's, for something else, or too old. */
  open(kind: TicketKind, holder: string, ticket: string, now: Date): Promise<Record<string, string> | null>
}

export const ticketLifetimeSeconds = 300

const purpose = 'sign-in tickets'

/** What a first call hands out for the second, so that the server keeps nothing in between. */
export function createTickets(roots: Pick<RootKeys, 'newest' | 'at'>): Tickets {
  return {
    issue(kind, holder, value, now) {
      const expires = now.getTime() + ticketLifetimeSeconds * 1000
      const root = roots.newest()
      const sealed = seal(root.derive(purpose), JSON.stringify({ value, expires }), [kind, holder]).toString('base64url')
      return root.version === 1 ? sealed : `${root.version}.${sealed}`
    },
    async open(kind, holder, ticket, now) {
      const { version, sealed } = split(ticket)
      const root = await roots.at(version).catch((error: unknown) => {
        if (error instanceof EpochMoved) return null // Sealed under a root key that has been retired, or under none.
        throw error
      })
      if (root === null) return null
      try {
        const opened = unseal(root.derive(purpose), sealed, [kind, holder]).toString()
        const { value, expires } = JSON.parse(opened) as { value: Record<string, string>; expires: number }
        return expires > now.getTime() ? value : null
      } catch {
        return null
      }
    },
  }
}

/** The root key's version, then the sealed part; the first version is not said. */
function split(ticket: string): { version: number; sealed: Buffer } {
  const [, version = '1', sealed = ''] = /^(?:([1-9]\d{0,8})\.)?([\w-]*)$/.exec(ticket) ?? []
  return { version: Number(version), sealed: Buffer.from(sealed, 'base64url') }
}

/** Uses a ticket up in the transaction that it is for; false when it was used before. */
export async function spendTicket(tx: Tx, ticket: string, at: Date): Promise<boolean> {
  // Of the bytes: base64 can be written in several ways.
  const hash = hashToken(split(ticket).sealed.toString('hex'))
  const expiresAt = new Date(at.getTime() + ticketLifetimeSeconds * 1000)
  const { scope } = tx
  await tx.enter({ ...scope, proof: { ...scope.proof, challenge_hash: hash.toString('hex') } })
  const spent = await tx.run(insertAnsweredChallenge(hash, expiresAt))
  await tx.run(deleteExpiredChallenges(at))
  await tx.enter(scope)
  return spent === 1
}
