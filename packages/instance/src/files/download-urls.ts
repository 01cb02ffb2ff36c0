import type { InputOf, RequestContext } from '@freehold/authz/request'
import { contentAnswer } from './content-answer.ts'
import type { FileDeps } from './deps.ts'
import { servedType } from './media-types.ts'
import { labelOf } from './names.ts'
import { findFile } from './queries.ts'
import { findContent } from './read-files.ts'
import { refuseClosed } from './receive-upload.ts'
import { noFile } from './refusals.ts'
import { objectKey } from './staging.ts'

const longestSeconds = 300

/** A URL of the store's own where it makes one, else of this server. It names the bytes of now: a later version has another. */
export async function getDownloadUrl(ctx: RequestContext, deps: FileDeps, { params, query }: InputOf<'getDownloadUrl'>) {
  const workspace = ctx.granted('workspace', 'read')
  const file = await findFile(ctx.db, workspace.id, params.file_id)
  if (!file) throw noFile()
  const seconds = query.expires_in_s ?? longestSeconds
  const own = await deps.objects.downloadUrl(objectKey(workspace.id, file.object_id), {
    fileName: labelOf(file.name),
    contentType: servedType(file.content_type),
    expiresInSeconds: seconds,
  })
  const token = () =>
    deps.tokens.signDownload({
      workspaceId: workspace.id,
      fileId: file.id,
      version: file.version,
      endsAt: Math.floor(ctx.clock.now().getTime() / 1000) + seconds,
    })
  return { url: own ?? `${deps.origin()}/v1/downloads/${token()}`, expires_in_s: seconds }
}

/** The bytes that a signed URL names, as long as they and the workspace are there. */
export async function downloadFile(ctx: RequestContext, deps: FileDeps, { params }: InputOf<'downloadFile'>) {
  const { workspaceId, fileId, version } = deps.tokens.readDownload(params.token, ctx.clock.now())
  const db = ctx.reading({ workspaceId })
  await refuseClosed(db, deps, workspaceId, { isReading: true })
  return contentAnswer(ctx, deps, workspaceId, await findContent(db, workspaceId, fileId, version))
}
