import { PermissionsUnavailable } from '@freehold/authz'
import type { SpiceDb } from '@freehold/authz/spicedb'
import { type ReadPool, StartupError, type WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { INSTALLATION_ID } from '../identity/index.ts'
import { deliveryScope } from './deliver.ts'
import { deleteAllPending, deleteKeeping, findKeeping, holdWriters, insertKeeping } from './queries.ts'

export type KeepingDeps = { reads: ReadPool; writes: WritePool; clock: Clock }

/** From when this returns, whatever changes a relationship also keeps the change for SpiceDB. */
export function startKeeping({ writes, clock }: KeepingDeps): Promise<void> {
  return writes.transaction(deliveryScope, async (tx) => {
    await tx.sql(holdWriters)
    await tx.run(insertKeeping(INSTALLATION_ID, clock.now()))
  })
}

/** Forgets SpiceDB and what it was still to be told. To go back to it takes a whole comparison. */
export function stopKeeping({ writes }: Pick<KeepingDeps, 'writes'>): Promise<void> {
  return writes.transaction(deliveryScope, async (tx) => {
    await tx.run(deleteKeeping())
    await tx.run(deleteAllPending())
  })
}

/** Whether relationships are kept for SpiceDB, by whichever process it was that began. */
export async function isKeeping({ reads }: Pick<KeepingDeps, 'reads'>): Promise<boolean> {
  return (await findKeeping(reads.under(deliveryScope))).isKept
}

const howTo = 'Run `npm run --silent freehold -- authz sync` with the same environment, then start again.'

/**
 * Makes an installation that has nothing yet keep its relationships for SpiceDB. Throws StartupError for one that has some
 * and has never given them to SpiceDB: everybody would be refused.
 */
export async function ensureKeeping(deps: KeepingDeps): Promise<{ isFresh: boolean }> {
  const { isKept, isFresh } = await findKeeping(deps.reads.under(deliveryScope))
  if (!isKept && !isFresh) throw new StartupError(`FREEHOLD_SPICEDB is set, and SpiceDB does not have the relationships yet. ${howTo}`)
  if (!isKept) await startKeeping(deps)
  return { isFresh }
}

/** Brings SpiceDB's schema up to ours. Throws PermissionsUnavailable where it has none although it has been given relationships. */
export async function ensureSchema(spicedb: SpiceDb, { isFresh }: { isFresh: boolean }): Promise<void> {
  const schema = await spicedb.compareSchema()
  if (schema === 'none' && !isFresh) throw new PermissionsUnavailable('refused', `SpiceDB has lost what it was given. ${howTo}`)
  if (schema !== 'same') await spicedb.writeSchema()
}
