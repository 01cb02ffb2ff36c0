import { type InputOf, labelKey, pageById, pageByLabel, type RequestContext, toPage } from '@freehold/authz/request'
import type { FolderEntry } from '@freehold/contract'
import { contentAnswer, type Content } from './content-answer.ts'
import type { FileDeps } from './deps.ts'
import { toCurrentVersion, toFile, toPendingFile, toVersion } from './file-answer.ts'
import { folderPath, labelOf } from './names.ts'
import { findFile, listFiles as selectFiles, listFilesIn, listFoldersIn, type FileRow } from './queries.ts'
import { noFile, noVersion } from './refusals.ts'
import { findUpload } from './upload-queries.ts'
import { findVersion, listVersions } from './version-queries.ts'

const noId = '00000000-0000-0000-0000-000000000000'

export async function listFiles(ctx: RequestContext, { query }: InputOf<'listFiles'>) {
  const workspace = ctx.granted('workspace', 'read')
  const page = pageByLabel(query)
  const rows = await selectFiles(ctx.db, workspace.id, page, query.prefix?.normalize('NFC'))
  return toPage(rows, page.limit, toFile, (row) => labelKey({ label: row.name, id: row.id }))
}

/** Folders first, then files. A cursor says by its first letter which of the two it is in. */
export async function listFolder(ctx: RequestContext, { query }: InputOf<'listFolder'>) {
  const workspace = ctx.granted('workspace', 'read')
  const page = pageByLabel(query)
  const folder = folderPath(query.path ?? '')
  const after = page.after?.label ?? 'd'
  const limit = page.limit + 1
  const folders = after.startsWith('d') ? await listFoldersIn(ctx.db, workspace.id, { folder, after: after.slice(1) || null, limit }) : []
  const wanted = limit - folders.length
  const isInFiles = after.startsWith('f')
  const files =
    wanted > 0 ? await listFilesIn(ctx.db, workspace.id, { folder, after: isInFiles ? after.slice(1) : null, limit: wanted }) : []
  const entries = [...folders.map(toFolderEntry), ...files.map(toFileEntry)]
  return toPage(
    entries,
    page.limit,
    (entry) => entry,
    ({ kind, name }) => labelKey({ label: (kind === 'folder' ? 'd' : 'f') + name, id: noId }),
  )
}

function toFolderEntry(path: string): FolderEntry {
  return { kind: 'folder', id: path, name: path, label: labelOf(path), file: null }
}

function toFileEntry(row: FileRow): FolderEntry {
  return { kind: 'file', id: row.id, name: row.name, label: labelOf(row.name), file: toFile(row) }
}

export async function getFile(ctx: RequestContext, { params }: InputOf<'getFile'>) {
  const workspace = ctx.granted('workspace', 'read')
  const row = await findFile(ctx.db, workspace.id, params.file_id)
  if (row) return toFile(row)
  const upload = await findUpload(ctx.db, workspace.id, params.file_id)
  if (upload?.kind !== 'url') throw noFile()
  return toPendingFile(upload)
}

export async function getFileContent(ctx: RequestContext, deps: FileDeps, { params }: InputOf<'getFileContent'>) {
  const workspace = ctx.granted('workspace', 'read')
  const row = await findFile(ctx.db, workspace.id, params.file_id)
  if (!row) throw noFile()
  return contentAnswer(ctx, deps, workspace.id, row)
}

export async function listFileVersions(ctx: RequestContext, { params, query }: InputOf<'listFileVersions'>) {
  const workspace = ctx.granted('workspace', 'read')
  // The cursor's id has the version in its last digits, so that it reads as any other.
  const page = pageById(query)
  const file = await findFile(ctx.db, workspace.id, params.file_id)
  if (!file) throw noFile()
  const before = page.after === null ? null : Number.parseInt(page.after.slice(-12), 16)
  const older = await listVersions(ctx.db, workspace.id, file.id, { limit: page.limit + 1, before })
  const items = [...(before === null ? [toCurrentVersion(file)] : []), ...older.map(toVersion)].slice(0, page.limit + 1)
  return toPage(
    items,
    page.limit,
    (item) => item,
    ({ version }) => noId.slice(0, -12) + version.toString(16).padStart(12, '0'),
  )
}

export async function getFileVersionContent(ctx: RequestContext, deps: FileDeps, { params }: InputOf<'getFileVersionContent'>) {
  const workspace = ctx.granted('workspace', 'read')
  return contentAnswer(ctx, deps, workspace.id, await findContent(ctx.db, workspace.id, params.file_id, params.version))
}

/** The bytes of any version that is kept. Throws `not_found`. */
export async function findContent(db: RequestContext['db'], workspaceId: string, fileId: string, version: number): Promise<Content> {
  const file = await findFile(db, workspaceId, fileId)
  if (!file) throw noFile()
  if (file.version === version) return file
  const row = await findVersion(db, workspaceId, fileId, version)
  if (!row) throw noVersion()
  return { ...row, name: file.name }
}
