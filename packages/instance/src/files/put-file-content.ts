import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createHash } from 'node:crypto'
import { checkConditions, expectedChecksum } from './conditions.ts'
import { contentTag } from './content-answer.ts'
import type { FileDeps } from './deps.ts'
import { fileReference, snapshotOf, toFile } from './file-answer.ts'
import { mediaType } from './media-types.ts'
import { fileName } from './names.ts'
import { placeBytes } from './place-bytes.ts'
import { findFileByName } from './queries.ts'
import { tooLarge } from './refusals.ts'
import type { Staged } from './staging.ts'
import { roomBytes } from './usage.ts'

/** Stores a body as the file of that name. The bytes are in the store before the transaction begins. */
export async function putFileContent(ctx: RequestContext, deps: FileDeps, { query, body }: InputOf<'putFileContent'>) {
  const workspace = ctx.granted('workspace', 'write')
  const name = fileName(query.name, '/query/name')
  const sha256 = expectedChecksum(ctx)
  checkConditions(ctx, await findFileByName(ctx.db, workspace.id, name))
  const maxBytes = await bytesThatMayCome(ctx.db, deps, workspace.id, body.length)
  const contentType = mediaType(body.contentType)
  const staged = ctx.dryRun
    ? nothingStaged(ctx, body.length, sha256)
    : await body
        .once((bytes) => deps.staging.store(workspace.id, bytes, { maxBytes, contentType, ...(sha256 && { sha256 }) }))
        .catch(asLimit(ctx, deps, workspace.id))

  const row = await deps.staging.claiming(workspace.id, ctx.dryRun ? null : staged, () =>
    ctx.mutate('file.upload', workspace, async (tx) => {
      const { before, after } = await placeBytes(tx, deps, workspace.id, {
        name,
        bytes: {
          objectId: staged.objectId,
          sizeBytes: staged.size,
          contentType,
          sha256: staged.sha256,
          by: callerOf(ctx),
          uploadId: null,
          now: ctx.clock.now(),
        },
        check: (current) => checkConditions(ctx, current),
        isStaged: !ctx.dryRun,
      })
      return { resource: fileReference(after), before: before ? snapshotOf(before) : null, after: snapshotOf(after), result: after }
    }),
  )
  ctx.setHeader('etag', contentTag(row))
  return toFile(row)
}

/** Refuses what is said to be too long before any of it is read, and answers where to stop. */
export async function bytesThatMayCome(db: Db, deps: FileDeps, workspaceId: string, length: number | null): Promise<number> {
  if (length !== null && length > deps.maxFileBytes) throw tooLarge(deps.maxFileBytes)
  const room = await roomBytes(db, deps.limits, workspaceId)
  if (length !== null && length > room.left) throw noRoom(room)
  return Math.min(deps.maxFileBytes, room.left)
}

/** A body that was cut off where the workspace's room ends is over the limit, not too large in itself. */
function asLimit(ctx: RequestContext, deps: FileDeps, workspaceId: string) {
  return async (error: unknown): Promise<never> => {
    if (!(error instanceof AppError) || error.code !== 'too_large') throw error
    const room = await roomBytes(ctx.db, deps.limits, workspaceId)
    throw error.members['max_bytes'] === deps.maxFileBytes ? error : noRoom(room)
  }
}

export function noRoom({ allowed, used }: { allowed: number; used: number }): AppError {
  return new AppError(
    'limit_reached',
    `This workspace may have ${allowed} file bytes, old versions included. Remove some, or ask the operator for more.`,
    { members: { limit: 'file_bytes', allowed, used } },
  )
}

/** A person's id; what belongs to a workspace is nobody's. */
export function callerOf({ principal }: RequestContext): string | null {
  return principal.kind === 'user' ? principal.id : null
}

/** Stands for the bytes in a dry run, which sends none. */
export function nothingStaged(ctx: RequestContext, length: number | null, sha256: string | null): Staged {
  return { objectId: newId(ctx.clock.now().getTime()), size: length ?? 0, sha256: sha256 ?? createHash('sha256').digest('hex') }
}
