import type { InputOf, RequestContext } from '@freehold/authz/request'
import { beginUpload, newUpload } from './create-upload-url.ts'
import { type FileDeps, resumableDays } from './deps.ts'
import { dropUpload } from './drop-upload.ts'
import { fileReference } from './file-answer.ts'
import { completeUpload } from './finalize-file.ts'
import { deleteCleanup, insertCleanup } from './cleanup-queries.ts'
import { bytesThatMayCome, nothingStaged } from './put-file-content.ts'
import { findFile, findFileByUpload } from './queries.ts'
import { changedMeanwhile, noUpload } from './refusals.ts'
import { objectKey } from './staging.ts'
import { appendBytes, finishBytes, wrongOffset } from './tus-append.ts'
import { checkBodyType, checkVersion, readAppend, readChecksum, readCreation, tusVersion } from './tus-headers.ts'
import { progressOf, requireUpload, setTusHeaders, toDoneUpload, toUpload } from './tus-progress.ts'
import { lockUpload, type NewUpload, updateExpiry } from './upload-queries.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Begins an upload, with the first bytes if they come along; all of them make the file at once. */
export async function createFileUpload(ctx: RequestContext, deps: FileDeps, { body }: InputOf<'createFileUpload'>) {
  const workspace = ctx.granted('workspace', 'write')
  const { name, contentType, sha256, length } = readCreation(ctx)
  const checksum = readChecksum(ctx)
  await bytesThatMayCome(ctx.db, deps, workspace.id, length)
  const begun = ctx.dryRun
    ? { upload: { ...begin(ctx), parts_id: '' }, offset: 0, staged: null }
    : await body.once(async (bytes) => {
        const upload = { ...begin(ctx), parts_id: '' }
        const isEmpty = body.length === 0 || (body.length === null && body.contentType === null)
        if (!isEmpty) checkBodyType(body)
        if (!isEmpty || length === 0) await deps.staging.note(workspace.id, upload.object_id)
        upload.parts_id = await deps.objects.startParts(objectKey(workspace.id, upload.object_id))
        const offset = isEmpty ? 0 : await appendBytes(deps, workspace.id, upload, { offset: 0, sha256: checksum }, bytes)
        return { upload, offset, staged: offset === length ? await finishBytes(deps, workspace.id, upload) : null }
      })

  function begin(of: RequestContext): NewUpload {
    const kind = { kind: 'tus' as const, name, content_type: contentType, checksum_sha256: sha256, parts_id: null }
    return { ...newUpload(of, { days: resumableDays, sizeBytes: length }), ...kind }
  }

  const made = await deps.staging.claiming(workspace.id, begun.staged, () =>
    ctx.mutate(begun.staged ? 'file.upload' : 'file.upload_start', workspace, async (tx) => {
      const row = await beginUpload(tx, deps, workspace.id, begun.upload)
      // From here on the upload's own end sees to its bytes.
      const note = await deleteCleanup(tx, { workspaceId: workspace.id, id: row.object_id, kind: 'object' })
      if (begun.offset > 0 && !note) throw changedMeanwhile()
      if (begun.staged) {
        const done = await completeUpload(tx, deps, workspace.id, {
          upload: row,
          staged: begun.staged,
          isStaged: false,
          now: ctx.clock.now(),
        })
        const file = (await findFile(tx, workspace.id, done.result.id))!
        return { ...done, result: toDoneUpload(row.id, file) }
      }
      const after = { name, size_bytes: length, content_type: contentType }
      return { resource: fileReference(row), after, result: toUpload(row, begun.offset) }
    }),
  )
  setTusHeaders(ctx, made)
  ctx.setHeader('location', `/v1/workspaces/${workspace.id}/files/tus/${made.id}`)
  return made
}

export async function getFileUpload(ctx: RequestContext, deps: FileDeps, { params }: InputOf<'getFileUpload'>) {
  const workspace = ctx.granted('workspace', 'read')
  const done = await findFileByUpload(ctx.db, workspace.id, params.upload_id)
  const upload = done ? null : await requireUpload(ctx, workspace.id, params.upload_id)
  const answer = done ? toDoneUpload(params.upload_id, done) : toUpload(upload!, (await progressOf(deps, workspace.id, upload!)).offset)
  setTusHeaders(ctx, answer)
  return answer
}

/** Appends; the last byte makes the file. Bytes that came before a request was cut are kept, and the next one goes on behind them. */
export async function appendFileUpload(ctx: RequestContext, deps: FileDeps, { params, body }: InputOf<'appendFileUpload'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'write')
  const upload = await requireUpload(ctx, workspace.id, params.upload_id)
  const part = readAppend(ctx, body)
  const length = Number(upload.size_bytes)
  const sent = ctx.dryRun
    ? { offset: part.offset, staged: null }
    : await body.once(async (bytes) => {
        const { offset, isWhole } = await progressOf(deps, workspace.id, upload)
        if (offset !== part.offset) throw wrongOffset(offset)
        if (isWhole) bytes.resume()
        const size = isWhole ? length : await appendBytes(deps, workspace.id, upload, part, bytes)
        return { offset: size, staged: size === length ? await finishBytes(deps, workspace.id, upload) : null }
      })
  const isLast = ctx.dryRun && body.length !== null && part.offset + body.length === length
  const staged = isLast ? nothingStaged(ctx, length, upload.checksum_sha256) : sent.staged

  const row = await ctx.mutate(staged ? 'file.upload' : 'file.upload_append', workspace, async (tx) => {
    const held = await lockUpload(tx, workspace.id, upload.id)
    if (!held) throw noUpload()
    const now = ctx.clock.now()
    if (staged) {
      const done = await completeUpload(tx, deps, workspace.id, { upload: held, staged, isStaged: false, now })
      return { ...done, result: held }
    }
    const expiresAt = new Date(now.getTime() + resumableDays * dayMs)
    await insertCleanup(tx, [{ workspaceId: workspace.id, id: held.id, kind: 'upload', dueAt: expiresAt }])
    const after = (await updateExpiry(tx, workspace.id, held.id, expiresAt))!
    return { resource: fileReference(held), after: { offset_bytes: sent.offset }, result: after }
  })
  setTusHeaders(ctx, { ...toUpload(row, staged ? length : sent.offset), status: staged ? 'done' : 'receiving' })
}

/** Ends an upload. Its bytes are removed once this has committed. */
export async function deleteFileUpload(ctx: RequestContext, deps: FileDeps, { params }: InputOf<'deleteFileUpload'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'write')
  await requireUpload(ctx, workspace.id, params.upload_id)
  checkVersion(ctx)
  const upload = await ctx.mutate('file.upload_cancel', workspace, async (tx) => {
    const row = await lockUpload(tx, workspace.id, params.upload_id)
    if (row?.kind !== 'tus') throw noUpload()
    await dropUpload(tx, workspace.id, row, { now: ctx.clock.now(), isDone: false })
    return { resource: fileReference(row), before: { name: row.name, size_bytes: Number(row.size_bytes) }, result: row }
  })
  ctx.setHeader('tus-resumable', tusVersion)
  // The store's own sweep does it where this process dies before.
  ctx.afterCommit(() => void deps.objects.abortParts(objectKey(workspace.id, upload.object_id), upload.parts_id!).catch(() => undefined))
}
