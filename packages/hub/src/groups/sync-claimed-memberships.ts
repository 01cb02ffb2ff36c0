import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import { raiseGates } from '../gates/index.ts'
import { INSTALLATION_ID } from '../identity/index.ts'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import { listAccountsOfGroups, listClaimedGroups, listMembershipSources, lockAccount } from './claim-queries.ts'
import { listPeople } from './member-queries.ts'
import { listGroupNames } from './queries.ts'

export type ClaimSync = { userId: string; claimValues: readonly string[]; now: Date }
/** What a sign-in changes in one account: groups to join and to leave. */
type Change = { accountId: string; joined: string[]; left: string[] }

/**
 * Makes a person's memberships by claim what the identity provider says at sign-in, in all accounts: joins the groups
 * whose `claim_value` is among the values, and leaves those that a claim had led into and none does any more. What was
 * put by hand stays. Each account that changes gets one `group.sync` event. Leaves the transaction's scope as it was.
 *
 * It locks accounts and raises gates, so call it before anything in the transaction has raised one.
 */
export async function syncClaimedMemberships(tx: Tx, sync: ClaimSync): Promise<void> {
  const { accountId, workspaceId, proof } = tx.scope
  const accounts = [...(await findChanges(tx, sync)).keys()].toSorted()
  for (const id of accounts) await tx.sql(lockAccount(id))
  // What was found before the locks were held may have changed; accounts that came in since wait for the next sign-in.
  const changes =
    accounts.length === 0 ? [] : [...(await findChanges(tx, sync)).values()].filter((change) => accounts.includes(change.accountId))
  await raiseGates(tx, changes.length === 0 ? [] : [sync.userId, ...changes.flatMap(({ joined, left }) => [...joined, ...left])])
  for (const change of changes) await applyChange(tx, sync, change)
  await tx.enter({ ...tx.scope, accountId, workspaceId, proof })
}

async function findChanges(tx: Tx, { userId, claimValues }: ClaimSync): Promise<Map<string, Change>> {
  // Postgres stores no NUL, so no group has such a value.
  const values = claimValues.filter((value) => !value.includes('\0'))
  await tx.enter({ ...tx.scope, proof: { ...tx.scope.proof, claim_values: JSON.stringify(values), object_ids: userId } })
  const claimed = await listClaimedGroups(tx, values)
  const sources = await listMembershipSources(tx, userId)
  const stays = new Set(claimed.map(({ groupId }) => groupId))
  const ended = [...sources].filter(([groupId, source]) => source === 'claim' && !stays.has(groupId)).map(([groupId]) => groupId)

  const changes = new Map<string, Change>()
  const changeOf = (accountId: string) => {
    const change = changes.get(accountId) ?? { accountId, joined: [], left: [] }
    changes.set(accountId, change)
    return change
  }
  for (const { groupId, accountId } of claimed) if (!sources.has(groupId)) changeOf(accountId).joined.push(groupId)
  if (ended.length > 0) {
    await tx.enter({ ...tx.scope, proof: { ...tx.scope.proof, object_ids: ended.join(',') } })
    for (const { groupId, accountId } of await listAccountsOfGroups(tx, ended)) changeOf(accountId).left.push(groupId)
  }
  return changes
}

async function applyChange(tx: Tx, { userId, now }: ClaimSync, { accountId, joined, left }: Change): Promise<void> {
  await tx.enter({ ...tx.scope, accountId, workspaceId: undefined, proof: { ...tx.scope.proof, user_ids: userId } })
  const tuple = (groupId: string) => ({
    resource: { type: 'group', id: groupId },
    relation: 'member',
    subject: { type: 'user', id: userId },
    expiresAt: null,
  })
  const names = await listGroupNames(tx, [...joined, ...left])
  const [person] = await listPeople(tx, [userId])
  if (joined.length > 0) {
    await insertRelationship(tx, ...joined.map((id) => ({ ...tuple(id), source: 'claim' as const, createdAt: now, createdBy: null })))
  }
  await deleteRelationship(tx, ...left.map(tuple))
  const named = (ids: string[]) => ids.map((id) => ({ id, name: names.get(id) }))
  await insertAuditEvent(tx, {
    id: newId(now.getTime()),
    chain: { kind: 'account', id: accountId },
    at: now,
    actor: { kind: 'system', id: INSTALLATION_ID, label: 'Sign-in' },
    action: 'group.sync',
    resource: { kind: 'user', id: userId, label: person!.name },
    before: { left: named(left) },
    after: { joined: named(joined) },
    requestId: null,
    ip: null,
  })
}
