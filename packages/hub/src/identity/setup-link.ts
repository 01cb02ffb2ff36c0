import type { ReadPool, WritePool } from '@freehold/db'
import { type Clock, mintToken, newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import { insertUserCredential, type NewUserCredential, revokeCredentials } from './credential-queries.ts'
import { INSTALLATION_ID } from './installation.ts'
import { findFirstOperator, findInstallation, lockInstallation } from './installation-queries.ts'

const lifetimeMs = 7 * 86_400_000

export type SetupLink = { token: string; expiresAt: Date }

export function newSetupLink(userId: string, at: Date): NewUserCredential & { expiresAt: Date } {
  return { kind: 'setup_link', token: mintToken('fhu'), userId, createdAt: at, expiresAt: new Date(at.getTime() + lifetimeMs) }
}

/** A fresh link for the first operator, in place of every older one; null once somebody has claimed the operator, or before there is one. */
export async function issueSetupLink({
  writes,
  reads,
  clock,
}: {
  writes: WritePool
  reads: ReadPool
  clock: Clock
}): Promise<SetupLink | null> {
  const proof = { installation_id: INSTALLATION_ID }
  const operator = await reads.under({ proof }).first(findFirstOperator(INSTALLATION_ID))
  if (!operator) return null
  const userId = operator.user_id

  return writes.transaction({ principalId: userId, proof }, async (tx) => {
    await tx.sql(lockInstallation)
    const installation = await tx.first(findInstallation(INSTALLATION_ID))
    if (!installation || installation.claimed_at !== null) return null
    const at = clock.now()
    const link = newSetupLink(userId, at)
    await tx.run(revokeCredentials(userId, 'setup_link', at))
    await tx.run(insertUserCredential(link))
    await insertAuditEvent(tx, {
      id: newId(),
      chain: { kind: 'user', id: userId },
      at,
      actor: { kind: 'system', id: INSTALLATION_ID, label: 'Server start' },
      action: 'user.update',
      resource: { kind: 'user', id: userId, label: 'Operator' },
      after: { setup_link_expires_at: link.expiresAt.toISOString() },
      requestId: null,
      ip: null,
    })
    return { token: link.token.plaintext, expiresAt: link.expiresAt }
  })
}
