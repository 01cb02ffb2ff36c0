import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'

const columns = [
  'id',
  'kind',
  'name',
  'content_type',
  'object_id',
  'size_bytes',
  'checksum_sha256',
  'parts_id',
  'received_bytes',
  'received_sha256',
  'reserved_bytes',
  'created_at',
  'created_by',
  'actor_kind',
  'actor_label',
  'expires_at',
] as const
export type UploadRow = Pick<Selectable<Tables['instance.file_upload']>, (typeof columns)[number]>

function uploads(workspaceId: string) {
  return build.selectFrom('instance.file_upload').select(columns).where('workspace_id', '=', workspaceId)
}

export function findUpload(db: Db, workspaceId: string, id: string): Promise<UploadRow | undefined> {
  return db.first(uploads(workspaceId).where('id', '=', id))
}

/** Holds the row until the transaction ends: an upload becomes a file once. */
export function lockUpload(tx: Tx, workspaceId: string, id: string): Promise<UploadRow | undefined> {
  return tx.first(uploads(workspaceId).where('id', '=', id).forUpdate())
}

export type NewUpload = Omit<UploadRow, 'received_bytes' | 'received_sha256' | 'size_bytes' | 'reserved_bytes'> & {
  size_bytes: number | null
  reserved_bytes: number
}

export async function insertUpload(tx: Tx, workspaceId: string, upload: NewUpload): Promise<UploadRow> {
  const row = await tx.first(
    build
      .insertInto('instance.file_upload')
      .values({ workspace_id: workspaceId, ...upload })
      .returning(columns),
  )
  return row!
}

export type Received = { objectId: string; sizeBytes: number; sha256: string }

export function updateReceived(tx: Tx, workspaceId: string, id: string, { objectId, sizeBytes, sha256 }: Received) {
  return tx.run(
    build
      .updateTable('instance.file_upload')
      .set({ object_id: objectId, received_bytes: sizeBytes, received_sha256: sha256 })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id),
  )
}

export async function updateExpiry(tx: Tx, workspaceId: string, id: string, expiresAt: Date): Promise<UploadRow | undefined> {
  return tx.first(
    build
      .updateTable('instance.file_upload')
      .set({ expires_at: expiresAt })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .returning(columns),
  )
}

export function deleteUpload(tx: Tx, workspaceId: string, id: string) {
  return tx.run(build.deleteFrom('instance.file_upload').where('workspace_id', '=', workspaceId).where('id', '=', id))
}
