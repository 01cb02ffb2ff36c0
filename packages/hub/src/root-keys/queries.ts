import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'

export type RootKeyRow = Selectable<Tables['hub.root_key']>

/** All versions that there are, newest first. */
export function listRootKeys(db: Db): Promise<RootKeyRow[]> {
  return db.rows(
    build
      .selectFrom('hub.root_key')
      .select(['version', 'check_purpose', 'check_place', 'check_sealed', 'kms', 'wrapped', 'created_at'])
      .orderBy('version', 'desc'),
  )
}

/** The version that is there already stays. */
export function insertRootKey(db: Db, row: RootKeyRow) {
  return db.run(
    build
      .insertInto('hub.root_key')
      .values(row)
      .onConflict((conflict) => conflict.column('version').doNothing()),
  )
}

/** Touches no row where another process has written its own check meanwhile. */
export function updateCheck(db: Db, row: RootKeyRow, before: Buffer | null) {
  const update = build
    .updateTable('hub.root_key')
    .set({
      check_purpose: row.check_purpose,
      check_place: row.check_place,
      check_sealed: row.check_sealed,
      kms: row.kms,
      wrapped: row.wrapped,
    })
    .where('version', '=', row.version)
  return db.run(before === null ? update.where('check_sealed', 'is', null) : update.where('check_sealed', '=', before))
}

/** The newest version. It cannot be retired before the transaction has ended. */
export async function holdNewestRootKey(tx: Tx): Promise<number | undefined> {
  const [row] = await tx.sql<{ version: number }>({
    name: 'root_key_hold_newest',
    text: 'select version from hub.root_key order by version desc limit 1 for key share',
    values: [],
  })
  return row?.version
}

export function deleteRootKey(db: Db, version: number) {
  return db.run(build.deleteFrom('hub.root_key').where('version', '=', version))
}

/** Whether the installation has nothing yet, so nothing can have been signed either. */
export async function isFresh(db: Db): Promise<boolean> {
  return (await db.first(build.selectFrom('hub.installation').select('id').limit(1))) === undefined
}

export type LastingRow = { name: string; root_version: number; sealed: Buffer }

export function listLastingKeys(db: Db): Promise<LastingRow[]> {
  return db.rows(build.selectFrom('hub.installation_key').select(['name', 'root_version', 'sealed']))
}

/** The key that is there already stays. */
export function insertLastingKey(db: Db, row: LastingRow, now: Date) {
  return db.run(
    build
      .insertInto('hub.installation_key')
      .values({ ...row, created_at: now })
      .onConflict((conflict) => conflict.column('name').doNothing()),
  )
}

export function updateLastingKey(db: Db, row: LastingRow, before: Buffer) {
  return db.run(
    build
      .updateTable('hub.installation_key')
      .set({ root_version: row.root_version, sealed: row.sealed })
      .where('name', '=', row.name)
      .where('sealed', '=', before),
  )
}
