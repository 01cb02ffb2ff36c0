import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { insertCleanup } from './cleanup-queries.ts'
import { type FileDeps, uploadDays } from './deps.ts'
import { fileReference, toPendingFile } from './file-answer.ts'
import { mediaType } from './media-types.ts'
import { fileName } from './names.ts'
import { callerOf } from './put-file-content.ts'
import { tooLarge } from './refusals.ts'
import { objectKey } from './staging.ts'
import { insertUpload, type NewUpload } from './upload-queries.ts'
import { refuseBytesOver, refuseFilesOver } from './usage.ts'
import { addUsage } from './usage-queries.ts'

const urlSeconds = 60 * 60
const dayMs = 24 * 60 * 60 * 1000

/** A pending file, and where its bytes go: to the store itself where it takes them, else to this server by a signed URL. */
export async function createUploadUrl(ctx: RequestContext, deps: FileDeps, { body }: InputOf<'createUploadUrl'>) {
  const workspace = ctx.granted('workspace', 'write')
  const name = fileName(body.name, '/body/name')
  const size = body.size_bytes ?? null
  if (size !== null && size > deps.maxFileBytes) throw tooLarge(deps.maxFileBytes)
  const now = ctx.clock.now()
  const upload: NewUpload = {
    ...newUpload(ctx, { days: uploadDays, sizeBytes: size }),
    kind: 'url',
    name,
    content_type: mediaType(body.content_type),
    checksum_sha256: body.checksum_sha256 ?? null,
    parts_id: null,
  }
  const url = await deps.objects.uploadUrl(objectKey(workspace.id, upload.object_id), {
    contentType: upload.content_type,
    expiresInSeconds: urlSeconds,
    ...(size !== null && { sizeBytes: size }),
    ...(body.checksum_sha256 !== undefined && { sha256: body.checksum_sha256 }),
  })
  const token = () =>
    deps.tokens.signUpload({
      workspaceId: workspace.id,
      uploadId: upload.id,
      endsAt: Math.floor(now.getTime() / 1000) + urlSeconds,
      sizeBytes: size,
      sha256: body.checksum_sha256 ?? null,
    })
  const row = await ctx.mutate('file.upload_start', workspace, async (tx) => {
    const made = await beginUpload(tx, deps, workspace.id, upload)
    return { resource: fileReference(made), after: { name, size_bytes: size, content_type: made.content_type }, result: made }
  })
  return {
    file: toPendingFile(row),
    upload_url: url?.url ?? `${deps.origin()}/v1/uploads/${token()}`,
    upload_headers: url?.headers ?? {},
    expires_in_s: urlSeconds,
  }
}

/** What every upload begins with. */
export function newUpload(ctx: RequestContext, { days, sizeBytes }: { days: number; sizeBytes: number | null }) {
  const now = ctx.clock.now()
  return {
    id: newId(now.getTime()),
    object_id: newId(now.getTime()),
    size_bytes: sizeBytes,
    reserved_bytes: sizeBytes ?? 0,
    created_at: now,
    created_by: callerOf(ctx),
    actor_kind: ctx.principal.kind,
    actor_label: ctx.principal.label,
    expires_at: new Date(now.getTime() + days * dayMs),
  }
}

/** Reserves room for an upload, and sees to its end if nobody does. */
export async function beginUpload(tx: Tx, { limits }: Pick<FileDeps, 'limits'>, workspaceId: string, upload: NewUpload) {
  await refuseBytesOver(tx, limits, workspaceId, upload.reserved_bytes)
  await refuseFilesOver(tx, limits, workspaceId)
  await addUsage(tx, workspaceId, { files: 1, bytes: upload.reserved_bytes })
  await insertCleanup(tx, [{ workspaceId, id: upload.id, kind: 'upload', dueAt: upload.expires_at }])
  return insertUpload(tx, workspaceId, upload)
}
