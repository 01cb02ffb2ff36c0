import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'
import type { FileRow } from './queries.ts'

const columns = [
  'file_id',
  'version',
  'object_id',
  'size_bytes',
  'content_type',
  'checksum_sha256',
  'stored_at',
  'stored_by',
  'expires_at',
] as const
export type VersionRow = Pick<Selectable<Tables['instance.file_version']>, (typeof columns)[number]>

function versions(workspaceId: string) {
  return build.selectFrom('instance.file_version').select(columns).where('workspace_id', '=', workspaceId)
}

/** Newest first, older than `before` where it is given. */
export function listVersions(db: Db, workspaceId: string, fileId: string, { limit, before }: { limit: number; before: number | null }) {
  let query = versions(workspaceId).where('file_id', '=', fileId).orderBy('version', 'desc').limit(limit)
  if (before !== null) query = query.where('version', '<', before)
  return db.rows(query)
}

export function findVersion(db: Db, workspaceId: string, fileId: string, version: number): Promise<VersionRow | undefined> {
  return db.first(versions(workspaceId).where('file_id', '=', fileId).where('version', '=', version))
}

export function findVersionByObject(tx: Tx, workspaceId: string, objectId: string): Promise<VersionRow | undefined> {
  return tx.first(versions(workspaceId).where('object_id', '=', objectId))
}

/** Keeps what a file's bytes were. */
export function insertVersion(tx: Tx, workspaceId: string, file: FileRow, expiresAt: Date) {
  return tx.run(
    build.insertInto('instance.file_version').values({
      workspace_id: workspaceId,
      file_id: file.id,
      version: file.version,
      object_id: file.object_id,
      size_bytes: file.size_bytes,
      content_type: file.content_type,
      checksum_sha256: file.checksum_sha256,
      stored_at: file.stored_at,
      stored_by: file.stored_by,
      expires_at: expiresAt,
    }),
  )
}

export function deleteVersion(tx: Tx, workspaceId: string, fileId: string, version: number) {
  return tx.run(
    build
      .deleteFrom('instance.file_version')
      .where('workspace_id', '=', workspaceId)
      .where('file_id', '=', fileId)
      .where('version', '=', version),
  )
}

/** Removes all versions of a file but the present one, and answers them. */
export function deleteVersions(tx: Tx, workspaceId: string, fileId: string): Promise<VersionRow[]> {
  return tx.rows(
    build.deleteFrom('instance.file_version').where('workspace_id', '=', workspaceId).where('file_id', '=', fileId).returning(columns),
  )
}
