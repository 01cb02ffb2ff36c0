import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'
import { folderOf } from './names.ts'

const columns = [
  'id',
  'name',
  'version',
  'object_id',
  'size_bytes',
  'content_type',
  'checksum_sha256',
  'stored_at',
  'stored_by',
  'upload_id',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
] as const
export type FileRow = Pick<Selectable<Tables['instance.file']>, (typeof columns)[number]>
type Page = { limit: number; after: { label: string; id: string } | null }

// Above every name that begins with the prefix: bytes order UTF-8 as code points do.
const highest = '\u{10ffff}'

function files(workspaceId: string) {
  return build.selectFrom('instance.file').select(columns).where('workspace_id', '=', workspaceId)
}

/** By name, one row more than the page; a prefix is a range of the index. */
export function listFiles(db: Db, workspaceId: string, { limit, after }: Page, prefix = '') {
  let query = files(workspaceId)
    .orderBy('name')
    .limit(limit + 1)
  if (after !== null) query = query.where('name', '>', after.label)
  if (prefix !== '') query = query.where('name', '>=', prefix).where('name', '<=', prefix + highest)
  return db.rows(query)
}

/** The files directly in a folder, by name. */
export function listFilesIn(
  db: Db,
  workspaceId: string,
  { folder, after, limit }: { folder: string; after: string | null; limit: number },
) {
  let query = files(workspaceId).where('folder', '=', folder).orderBy('name').limit(limit)
  if (after !== null) query = query.where('name', '>', after)
  return db.rows(query)
}

// Each step finds the next folder by the index and skips whatever is in it: the work is that of the folders shown.
const foldersText = `
  with recursive found (folder) as (
    (select folder from instance.file where workspace_id = $1 and folder >= $3 and folder > $2 and folder < $4 order by folder limit 1)
    union all
    (select next.folder from found, lateral (
      select folder from instance.file
      where workspace_id = $1 and folder >= $2 || split_part(substr(found.folder, length($2) + 1), '/', 1) || '0' and folder < $4
      order by folder limit 1
    ) next)
  )
  select $2 || split_part(substr(folder, length($2) + 1), '/', 1) || '/' as folder from found limit $5`

/** The folders directly in a folder, by path, each once. */
export async function listFoldersIn(
  db: Db,
  workspaceId: string,
  { folder, after, limit }: { folder: string; after: string | null; limit: number },
): Promise<string[]> {
  const from = after === null ? folder : beyond(after)
  const rows = await db.sql<{ folder: string }>({
    name: 'file_folders',
    text: foldersText,
    values: [workspaceId, folder, from, folder === '' ? highest.repeat(2) : beyond(folder), limit],
  })
  return rows.map((row) => row.folder)
}

/** `0` comes after `/`: above all that is in a folder. */
function beyond(folder: string): string {
  return `${folder.slice(0, -1)}0`
}

export function findFile(db: Db, workspaceId: string, id: string): Promise<FileRow | undefined> {
  return db.first(files(workspaceId).where('id', '=', id))
}

export function findFileByName(db: Db, workspaceId: string, name: string): Promise<FileRow | undefined> {
  return db.first(files(workspaceId).where('name', '=', name))
}

/** The file whose bytes came by an upload that is done. */
export function findFileByUpload(db: Db, workspaceId: string, uploadId: string): Promise<FileRow | undefined> {
  return db.first(files(workspaceId).where('upload_id', '=', uploadId))
}

/** Holds the row until the transaction ends. */
export function lockFile(tx: Tx, workspaceId: string, id: string): Promise<FileRow | undefined> {
  return tx.first(files(workspaceId).where('id', '=', id).forUpdate())
}

export function lockFileByName(tx: Tx, workspaceId: string, name: string): Promise<FileRow | undefined> {
  return tx.first(files(workspaceId).where('name', '=', name).forUpdate())
}

export type Bytes = {
  objectId: string
  sizeBytes: number
  contentType: string
  sha256: string
  by: string | null
  uploadId: string | null
  now: Date
}

function bytesColumns({ objectId, sizeBytes, contentType, sha256, by, uploadId, now }: Bytes) {
  return {
    object_id: objectId,
    size_bytes: sizeBytes,
    content_type: contentType,
    checksum_sha256: sha256,
    stored_at: now,
    stored_by: by,
    upload_id: uploadId,
    updated_at: now,
    updated_by: by,
  }
}

export async function insertFile(
  tx: Tx,
  workspaceId: string,
  { id, name, ...bytes }: Bytes & { id: string; name: string },
): Promise<FileRow> {
  const row = await tx.first(
    build
      .insertInto('instance.file')
      .values({
        workspace_id: workspaceId,
        id,
        name,
        folder: folderOf(name),
        version: 1,
        ...bytesColumns(bytes),
        created_at: bytes.now,
        created_by: bytes.by,
      })
      .returning(columns),
  )
  return row!
}

/** New bytes under the next version. */
export async function updateBytes(tx: Tx, workspaceId: string, id: string, bytes: Bytes): Promise<FileRow> {
  const row = await tx.first(
    build
      .updateTable('instance.file')
      .set((eb) => ({ version: eb('version', '+', 1), ...bytesColumns(bytes) }))
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .returning(columns),
  )
  return row!
}

export type FilePatch = { name?: string | undefined; contentType?: string | undefined; by: string | null; now: Date }

export async function updateFile(tx: Tx, workspaceId: string, id: string, { name, contentType, by, now }: FilePatch): Promise<FileRow> {
  const row = await tx.first(
    build
      .updateTable('instance.file')
      .set({
        ...(name !== undefined && { name, folder: folderOf(name) }),
        ...(contentType !== undefined && { content_type: contentType }),
        updated_at: now,
        updated_by: by,
      })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .returning(columns),
  )
  return row!
}

export function deleteFileRow(tx: Tx, workspaceId: string, id: string) {
  return tx.run(build.deleteFrom('instance.file').where('workspace_id', '=', workspaceId).where('id', '=', id))
}

/** All that a workspace has of files but their bytes. */
export async function deleteRows(tx: Tx, workspaceId: string): Promise<void> {
  await tx.run(build.deleteFrom('instance.file_version').where('workspace_id', '=', workspaceId))
  await tx.run(build.deleteFrom('instance.file').where('workspace_id', '=', workspaceId))
  await tx.run(build.deleteFrom('instance.file_upload').where('workspace_id', '=', workspaceId))
  await tx.run(build.deleteFrom('instance.file_usage').where('workspace_id', '=', workspaceId))
}
