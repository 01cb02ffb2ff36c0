import type { ReadPool, Tx, WritePool } from '@freehold/db'
import { type Clock, mintToken, newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import { openGate } from '../gates/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { insertUserCredential } from './credential-queries.ts'
import { INSTALLATION_ID } from './installation.ts'
import { findInstallation, insertAccount, insertInstallation, lockInstallation } from './installation-queries.ts'
import { newSetupLink } from './setup-link.ts'
import { insertUser } from './user-queries.ts'

export type FirstOperator =
  | { created: false; claimed: boolean }
  | { created: true; token: string; setupToken: string; accountId: string; userId: string }

type Deps = {
  writes: WritePool
  reads: ReadPool
  clock: Clock
  /** Keeps the operator's token before the transaction commits, so that no crash leaves an operator whose token nobody has. */
  keepToken?: (token: string) => Promise<void>
}

/** Makes the installation's first operator and account, once: a second start, also at the same moment, finds them. */
export async function ensureFirstOperator({ writes, reads, clock, keepToken }: Deps): Promise<FirstOperator> {
  const proof = { installation_id: INSTALLATION_ID }
  const known = await reads.under({ proof }).first(findInstallation(INSTALLATION_ID))
  if (known) return { created: false, claimed: known.claimed_at !== null }

  const [userId, accountId] = [newId(), newId()]
  return writes.transaction({ principalId: userId, accountId, proof }, async (tx) => {
    await tx.sql(lockInstallation)
    const other = await tx.first(findInstallation(INSTALLATION_ID))
    if (other) return { created: false, claimed: other.claimed_at !== null }
    const made = await createFirstOperator(tx, { userId, accountId, at: clock.now() })
    await keepToken?.(made.token)
    return { created: true, ...made, userId, accountId }
  })
}

type Birth = { userId: string; accountId: string; at: Date }

async function createFirstOperator(tx: Tx, { userId, accountId, at }: Birth): Promise<{ token: string; setupToken: string }> {
  const user = { type: 'user', id: userId }
  const account = { id: accountId, name: 'Main', slug: 'main', createdAt: at }
  const token = mintToken('fhp')
  const link = newSetupLink(userId, at)
  const lasting = { expiresAt: null, createdAt: at, createdBy: null }

  await tx.run(insertInstallation(INSTALLATION_ID, at))
  await tx.run(insertUser({ id: userId, name: 'Operator', createdAt: at }))
  await tx.run(insertAccount(account))
  await tx.run(insertUserCredential({ kind: 'personal_token', token, userId, name: 'operator-token', createdAt: at, expiresAt: null }))
  await tx.run(insertUserCredential(link))
  await openGate(tx, 'installation', INSTALLATION_ID)
  await openGate(tx, 'user', userId)
  await openGate(tx, 'account', accountId)
  await insertRelationship(
    tx,
    { resource: { type: 'account', id: accountId }, relation: 'owner', subject: user, ...lasting },
    { resource: { type: 'installation', id: INSTALLATION_ID }, relation: 'operator', subject: user, ...lasting },
  )
  await insertAuditEvent(tx, {
    id: newId(),
    chain: { kind: 'account', id: accountId },
    accountId,
    at,
    actor: { kind: 'system', id: INSTALLATION_ID, label: 'First start' },
    action: 'account.create',
    resource: { kind: 'account', id: accountId, label: account.name },
    after: { name: account.name, slug: account.slug, owner: userId },
    requestId: null,
    ip: null,
  })
  return { token: token.plaintext, setupToken: link.token.plaintext }
}
