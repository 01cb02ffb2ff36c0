import type { InputOf, RequestContext } from '@freehold/authz/request'
import { isUniqueViolation, type Tx } from '@freehold/db'
import { deleteCleanup, insertCleanup } from './cleanup-queries.ts'
import type { FileDeps } from './deps.ts'
import { dropUpload } from './drop-upload.ts'
import { fileReference, snapshotOf, toFile, toPendingFile } from './file-answer.ts'
import { fileName } from './names.ts'
import { keepVersion } from './place-bytes.ts'
import { callerOf } from './put-file-content.ts'
import { deleteFileRow, type FileRow, findFileByName, lockFile, updateBytes, updateFile as updateRow } from './queries.ts'
import { nameTaken, noFile, noVersion } from './refusals.ts'
import { lockUpload } from './upload-queries.ts'
import { refuseBytesOver } from './usage.ts'
import { addUsage } from './usage-queries.ts'
import { deleteVersion, deleteVersions, findVersion } from './version-queries.ts'

/** Renames, moves or retypes. The bytes stay where they are. */
export async function updateFile(ctx: RequestContext, { params, body }: InputOf<'updateFile'>) {
  const workspace = ctx.granted('workspace', 'write')
  const name = body.name === undefined ? undefined : fileName(body.name, '/body/name')
  const row = await ctx.mutate('file.update', workspace, async (tx) => {
    const before = await requireFile(tx, workspace.id, params.file_id)
    if (name !== undefined && name !== before.name && (await findFileByName(tx, workspace.id, name))) throw nameTaken(name)
    const patch = { name, contentType: body.content_type, by: callerOf(ctx), now: ctx.clock.now() }
    const after = await updateRow(tx, workspace.id, before.id, patch).catch((error: unknown) => {
      throw isUniqueViolation(error) ? nameTaken(name ?? before.name) : error
    })
    return { resource: fileReference(after), before: snapshotOf(before), after: snapshotOf(after), result: after }
  })
  return toFile(row)
}

/** Deletes a file with all its versions, or ends an upload that was not finalized. The bytes go once this has committed. */
export async function deleteFile(ctx: RequestContext, { params }: InputOf<'deleteFile'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'write')
  await ctx.mutate('file.delete', workspace, async (tx) => {
    const file = await lockFile(tx, workspace.id, params.file_id)
    if (!file) return deletePending(tx, workspace.id, params.file_id, ctx.clock.now())
    const versions = await deleteVersions(tx, workspace.id, file.id)
    await deleteFileRow(tx, workspace.id, file.id)
    const bytes = [file, ...versions].reduce((sum, { size_bytes: size }) => sum + Number(size), 0)
    await addUsage(tx, workspace.id, { files: -1, bytes: -bytes })
    for (const version of versions) await deleteCleanup(tx, { workspaceId: workspace.id, id: version.object_id, kind: 'version' })
    await insertCleanup(
      tx,
      [file, ...versions].map((row) => ({ workspaceId: workspace.id, id: row.object_id, kind: 'object', dueAt: ctx.clock.now() })),
    )
    return { resource: fileReference(file), before: { ...snapshotOf(file), versions: versions.length + 1 }, result: undefined }
  })
}

async function deletePending(tx: Tx, workspaceId: string, id: string, now: Date) {
  const upload = await lockUpload(tx, workspaceId, id)
  if (upload?.kind !== 'url') throw noFile()
  await dropUpload(tx, workspaceId, upload, { now, isDone: false })
  const { name, status } = toPendingFile(upload)
  return { resource: fileReference(upload), before: { name, status }, result: undefined }
}

/** Makes the bytes of an older version the newest; they take no more room than before. */
export async function restoreFileVersion(ctx: RequestContext, deps: FileDeps, { params }: InputOf<'restoreFileVersion'>) {
  const workspace = ctx.granted('workspace', 'write')
  const now = ctx.clock.now()
  const row = await ctx.mutate('file.restore', workspace, async (tx) => {
    await refuseBytesOver(tx, deps.limits, workspace.id, 0)
    const before = await requireFile(tx, workspace.id, params.file_id)
    const wanted = await findVersion(tx, workspace.id, before.id, params.version)
    if (!wanted) throw noVersion()
    await deleteVersion(tx, workspace.id, before.id, wanted.version)
    await deleteCleanup(tx, { workspaceId: workspace.id, id: wanted.object_id, kind: 'version' })
    await keepVersion(tx, workspace.id, before, now)
    const after = await updateBytes(tx, workspace.id, before.id, {
      objectId: wanted.object_id,
      sizeBytes: Number(wanted.size_bytes),
      contentType: wanted.content_type,
      sha256: wanted.checksum_sha256,
      by: callerOf(ctx),
      uploadId: null,
      now,
    })
    return {
      resource: fileReference(after),
      before: snapshotOf(before),
      after: { ...snapshotOf(after), restored_version: wanted.version },
      result: after,
    }
  })
  return toFile(row)
}

async function requireFile(tx: Tx, workspaceId: string, id: string): Promise<FileRow> {
  const file = await lockFile(tx, workspaceId, id)
  if (!file) throw noFile()
  return file
}
