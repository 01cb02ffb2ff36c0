import { build, type Tx } from '@freehold/db'

type Wanted = { version: number; limit: number }

export async function lockHashKeysToReseal(tx: Tx, workspaceId: string, { version, limit }: Wanted) {
  if (limit <= 0) return []
  return tx.rows(
    build
      .selectFrom('instance.vault_collection')
      .select((eb) => ['id', eb.ref('hash_key').$notNull().as('hash_key'), eb.ref('key_version').$notNull().as('key_version')])
      .where('workspace_id', '=', workspaceId)
      .where('key_version', 'is not', null)
      .where('key_version', '<>', version)
      .limit(limit)
      .forUpdate()
      .skipLocked(),
  )
}

export async function lockRecordsToReseal(tx: Tx, workspaceId: string, { version, limit }: Wanted) {
  if (limit <= 0) return []
  return tx.rows(
    build
      .selectFrom('instance.vault_record')
      .select((eb) => [
        'collection_id',
        'id',
        'version',
        eb.ref('sealed').$notNull().as('sealed'),
        eb.ref('key_version').$notNull().as('key_version'),
      ])
      .where('workspace_id', '=', workspaceId)
      .where('key_version', 'is not', null)
      .where('key_version', '<>', version)
      .limit(limit)
      .forUpdate()
      .skipLocked(),
  )
}

export function updateHashKey(tx: Tx, workspaceId: string, { id, hashKey, version }: { id: string; hashKey: Buffer; version: number }) {
  return tx.run(
    build
      .updateTable('instance.vault_collection')
      .set({ hash_key: hashKey, key_version: version })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id),
  )
}

type Resealed = { collectionId: string; id: string; sealed: Record<string, string>; version: number }

export function updateSealed(tx: Tx, workspaceId: string, { collectionId, id, sealed, version }: Resealed) {
  return tx.run(
    build
      .updateTable('instance.vault_record')
      .set({ sealed: JSON.stringify(sealed), key_version: version })
      .where('workspace_id', '=', workspaceId)
      .where('collection_id', '=', collectionId)
      .where('id', '=', id),
  )
}
