import { productSchema, type Relationship } from '@freehold/authz'
import type { RelationshipChange, SpiceDb } from '@freehold/authz/spicedb'
import type { OwnerReads, Tx, WritePool } from '@freehold/db'
import { type Clock, isUuid } from '@freehold/kit'
import { deliveryScope, keepToken, keyOf } from './deliver.ts'
import { findDifferences } from './differences.ts'
import { listGatesWithToken, listPendingOf, listSameRelationships, lockDelivery, storeToken, type TupleRow, toTuple } from './queries.ts'

const batchSize = 500
const gatesABatch = 1000
const asksAtOnce = 16
const endingSoonMs = 60_000

export type CompareDeps = { owner: OwnerReads; writes: WritePool; spicedb: SpiceDb; clock: Clock }
/** `missing` are not in SpiceDB, or with another expiry; `extra` only there; `waiting` differ because they are about to be delivered. */
export type Comparison = { compared: number; missing: number; extra: number; waiting: number }

/**
 * Compares all relationships with SpiceDB's, and, where asked to, makes SpiceDB's like ours. Servers may work meanwhile: what
 * differs is looked at again under the lock of the delivery, so nothing that was merely under way counts.
 */
export async function compareWithSpiceDb(deps: CompareDeps, { repair }: { repair: boolean }): Promise<Comparison> {
  const total: Comparison = { compared: 0, missing: 0, extra: 0, waiting: 0 }
  const until = new Date(deps.clock.now().getTime() + endingSoonMs)
  let batch: Relationship[] = []
  const settle = async () => {
    if (batch.length > 0) await settleBatch(deps, batch, { repair, total, until })
    batch = []
  }
  for (const type of typesWithRelations()) {
    for await (const { compared, tuple } of findDifferences({ ...deps, until }, type)) {
      total.compared += compared
      if (tuple) batch.push(tuple)
      if (batch.length === batchSize) await settle()
    }
  }
  await settle()
  if (repair) await renewTokens(deps)
  return total
}

type Settling = { repair: boolean; total: Comparison; until: Date }

async function settleBatch(deps: CompareDeps, batch: Relationship[], { repair, total, until }: Settling): Promise<void> {
  await deps.writes.transaction(deliveryScope, async (tx) => {
    await lockDelivery(tx)
    const ours = batch.filter(canBeOurs)
    // Ours first: a change that commits in between is then found waiting, and left to the delivery.
    const present = new Map((await deps.owner.sql<TupleRow>(listSameRelationships(ours))).map((row) => [keyOf(toTuple(row)), toTuple(row)]))
    const waiting = new Set((await listPendingOf(tx, ours)).map(keyOf))
    const wanted = batch
      .filter((tuple) => !waiting.has(keyOf(tuple)))
      .map((tuple): RelationshipChange => {
        const own = present.get(keyOf(tuple))
        const isLive = own !== undefined && (own.expiresAt === null || own.expiresAt > until)
        return isLive ? { op: 'touch', tuple: own } : { op: 'delete', tuple }
      })
    const changes = await keepDiffering(deps.spicedb, wanted)
    total.waiting += batch.length - wanted.length
    for (const { op } of changes) total[op === 'touch' ? 'missing' : 'extra']++
    if (repair && changes.length > 0) await write(deps, tx, changes)
  })
}

/** Those of the changes that SpiceDB needs, asked one by one. */
async function keepDiffering(spicedb: SpiceDb, changes: readonly RelationshipChange[]): Promise<RelationshipChange[]> {
  const differing: RelationshipChange[] = []
  for (let at = 0; at < changes.length; at += asksAtOnce) {
    const some = changes.slice(at, at + asksAtOnce)
    const found = await Promise.all(some.map(({ tuple }) => spicedb.find(tuple)))
    differing.push(
      ...some.filter(({ op, tuple }, index) => {
        const theirs = found[index] ?? null
        if (op === 'delete' || theirs === null) return op === 'touch' || theirs !== null
        return theirs.expiresAt?.getTime() !== tuple.expiresAt?.getTime()
      }),
    )
  }
  return differing
}

async function write({ spicedb }: CompareDeps, tx: Tx, changes: readonly RelationshipChange[]): Promise<void> {
  const token = await spicedb.write(changes)
  const tuples = changes.map(({ tuple }) => tuple).filter(canBeOurs)
  await keepToken(tx, tuples, token)
}

/** Tokens may be of a SpiceDB that is no more, or is back at an older state: they are replaced by one of the present. */
async function renewTokens({ writes, spicedb }: CompareDeps): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const ids = await writes.transaction(deliveryScope, async (tx) => {
      await lockDelivery(tx)
      const gates = (await tx.rows(listGatesWithToken(after, gatesABatch))).map(({ id }) => id)
      await tx.enter({ ...deliveryScope, raises: gates })
      if (gates.length > 0) await storeToken(tx, gates, await spicedb.currentToken())
      return gates
    })
    if (ids.length < gatesABatch) return
    after = ids.at(-1)!
  }
}

// Whatever else stands in SpiceDB under one of our types, no row of ours can be like it.
function canBeOurs({ resource, subject }: Relationship): boolean {
  return isUuid(resource.id) && isUuid(subject.id)
}

function typesWithRelations(): string[] {
  const definitions = [...productSchema().definitions.values()]
  return definitions.filter(({ members }) => [...members.values()].some(({ kind }) => kind === 'relation')).map(({ name }) => name)
}
