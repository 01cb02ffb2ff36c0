import { formatRelationship, type Relationship } from '@freehold/authz'
import type { RelationshipChange, SpiceDb } from '@freehold/authz/spicedb'
import type { Scope, Tx, WritePool } from '@freehold/db'
import { gatesOf } from '../relationships/index.ts'
import { deletePending, listPending, lockDelivery, storeToken } from './queries.ts'

export type DeliverDeps = { writes: WritePool; spicedb: Pick<SpiceDb, 'write'> }

// What SpiceDB takes in one write.
const changesAWrite = 1000
// What waits is about anybody; the tables that it needs show ids only.
export const deliveryScope: Scope = { proof: { object_ids: '' } }

/** Tells SpiceDB of everything that waits, oldest first. */
export async function deliverAll(deps: DeliverDeps): Promise<void> {
  while ((await deliverSome(deps)) > 0);
}

/**
 * One write to SpiceDB, and, in the transaction that forgets the changes, its token on their gates, which are raised again: what
 * was decided between commit and delivery was decided without them. If that commit fails, SpiceDB is told again, to the same effect.
 */
async function deliverSome({ writes, spicedb }: DeliverDeps): Promise<number> {
  return writes.transaction(deliveryScope, async (tx) => {
    await lockDelivery(tx)
    const pending = await listPending(tx, changesAWrite)
    if (pending.length === 0) return 0
    const token = await spicedb.write(lastOfEach(pending))
    await keepToken(
      tx,
      pending.map(({ tuple }) => tuple),
      token,
    )
    await tx.run(deletePending(pending.map(({ seq }) => seq)))
    return pending.length
  })
}

/** From which state of SpiceDB on these tuples hold, on their gates. */
export async function keepToken(tx: Tx, tuples: readonly Relationship[], token: string): Promise<void> {
  const gates = [...new Set(gatesOf(tuples))]
  await tx.enter({ ...deliveryScope, raises: gates })
  await storeToken(tx, gates, token)
}

/** SpiceDB takes a tuple once in a write: what became of it last is what counts. */
function lastOfEach(changes: readonly RelationshipChange[]): RelationshipChange[] {
  return [...new Map(changes.map((change) => [keyOf(change.tuple), change])).values()]
}

/** A tuple's identity, whatever its expiry. */
export function keyOf(tuple: Relationship): string {
  return formatRelationship({ ...tuple, expiresAt: null })
}
