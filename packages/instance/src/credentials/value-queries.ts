import { build, type Db, type Tx } from '@freehold/db'

export type SealedValue = { credentialId: string; field: string; version: number; keyVersion: number; sealed: Buffer }
type Place = { workspaceId: string; id: string }

function values(workspaceId: string) {
  return build
    .selectFrom('instance.credential_value')
    .select(['credential_id as credentialId', 'field', 'version', 'key_version as keyVersion', 'sealed'])
    .where('workspace_id', '=', workspaceId)
}

export function listValues(db: Db, { workspaceId, id }: Place): Promise<SealedValue[]> {
  return db.rows(values(workspaceId).where('credential_id', '=', id))
}

/** In place of what the field held before. */
export function upsertValue(tx: Tx, workspaceId: string, { credentialId, field, version, keyVersion, sealed }: SealedValue) {
  return tx.run(
    build
      .insertInto('instance.credential_value')
      .values({ workspace_id: workspaceId, credential_id: credentialId, field, version, key_version: keyVersion, sealed })
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'credential_id', 'field']).doUpdateSet({ version, key_version: keyVersion, sealed }),
      ),
  )
}

/** Those of some fields, or all of them. */
export function deleteValues(tx: Tx, { workspaceId, id }: Place, fields?: readonly string[]) {
  let query = build.deleteFrom('instance.credential_value').where('workspace_id', '=', workspaceId).where('credential_id', '=', id)
  if (fields) query = query.where('field', 'in', [...fields])
  return tx.run(query)
}

type Below = { keyVersion: number; limit: number }

/** Values that are sealed under an older data key, held until the transaction ends. */
export function lockValuesBelow(tx: Tx, workspaceId: string, { keyVersion, limit }: Below): Promise<SealedValue[]> {
  return tx.rows(
    values(workspaceId).where('key_version', '<', keyVersion).orderBy('credential_id').orderBy('field').limit(limit).forUpdate(),
  )
}
