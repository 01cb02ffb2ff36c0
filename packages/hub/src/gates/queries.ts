import { build } from '@freehold/db'
import { sql } from 'kysely'

export type GateKind = 'user' | 'group' | 'account' | 'workspace' | 'installation'

export function insertGate(kind: GateKind, id: string) {
  return build.insertInto('hub.gate').values({ kind, id })
}

/** Locks rows in the order of their ids, so that transactions which raise the same gates wait for each other instead of deadlocking. */
export function updateEpochs(ids: readonly string[]) {
  return build
    .with('locked', (db) =>
      db
        .selectFrom('hub.gate')
        .select('id')
        .where(sql<boolean>`id = any(${ids})`)
        .orderBy('id')
        .forUpdate(),
    )
    .updateTable('hub.gate as gate')
    .from('locked')
    .set((eb) => ({ epoch: eb('gate.epoch', '+', '1') }))
    .whereRef('gate.id', '=', 'locked.id')
}
