import { build, type Db, type Tx } from '@freehold/db'
import { sql } from 'kysely'
import type { SealedValue, SecretPlace } from './sealed-value.ts'

// The version that its secret is at.
const sameVersion = sql<boolean>`(instance.secret.workspace_id, instance.secret.environment, instance.secret.key, instance.secret.version)
  = (instance.secret_version.workspace_id, instance.secret_version.environment, instance.secret_version.key, instance.secret_version.version)`

function versionsAt({ workspaceId, environment, key }: SecretPlace) {
  return build
    .selectFrom('instance.secret_version')
    .where('instance.secret_version.workspace_id', '=', workspaceId)
    .where('instance.secret_version.environment', '=', environment)
    .where('instance.secret_version.key', '=', key)
}

/** Newest first, one row more than the page. */
export function listVersions(db: Db, at: SecretPlace, page: { limit: number; after: number | null }) {
  let query = versionsAt(at)
    .select(['version', 'created_at', 'created_by'])
    .orderBy('version', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('version', '<', page.after)
  return db.rows(query)
}

/** Undefined for a version that is not kept. */
export async function findVersion(db: Db, at: SecretPlace, version: number): Promise<SealedValue | undefined> {
  const row = await db.first(versionsAt(at).select(['sealed', 'key_version']).where('version', '=', version))
  return row && { sealed: row.sealed, keyVersion: row.key_version }
}

/** What secrets of one environment hold now. Sent behind the statement that locks their rows, it sees what that one has waited for. */
export async function findCurrentVersions(
  tx: Tx,
  { workspaceId, environment }: Omit<SecretPlace, 'key'>,
  keys: readonly string[],
): Promise<Map<string, SealedValue>> {
  if (keys.length === 0) return new Map()
  const rows = await tx.rows(
    build
      .selectFrom('instance.secret_version')
      .innerJoin('instance.secret', (join) => join.on(sameVersion))
      .select(['instance.secret_version.key', 'sealed', 'key_version'])
      .where('instance.secret_version.workspace_id', '=', workspaceId)
      .where('instance.secret_version.environment', '=', environment)
      .where((eb) => eb('instance.secret_version.key', '=', eb.fn.any(eb.val([...keys])))),
  )
  return new Map(rows.map((row) => [row.key, { sealed: row.sealed, keyVersion: row.key_version }]))
}
