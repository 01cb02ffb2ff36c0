import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { deleteCleanup, insertCleanup } from './cleanup-queries.ts'
import { type FileDeps, versionDays } from './deps.ts'
import { type Bytes, type FileRow, insertFile, lockFileByName, updateBytes } from './queries.ts'
import { changedMeanwhile } from './refusals.ts'
import { nothingReserved, refuseBytesOver, refuseFilesOver } from './usage.ts'
import { addUsage, type Usage } from './usage-queries.ts'
import { insertVersion } from './version-queries.ts'

const dayMs = 24 * 60 * 60 * 1000

export type Placing = {
  name: string
  bytes: Bytes
  /** Id of the file, where there is none of that name. */
  id?: string
  reserved?: Usage
  /** Says by throwing that the present file is not the expected one. */
  check?(before: FileRow | undefined): void
  /** Bytes that a sweep would remove, unless they are claimed here. */
  isStaged: boolean
}

/**
 * Makes stored bytes the file of that name: a new one, or the next version of the one that is there. What was there is kept for
 * 30 days. One transaction, so that nobody sees a half of it.
 */
export async function placeBytes(
  tx: Tx,
  { limits }: Pick<FileDeps, 'limits'>,
  workspaceId: string,
  { name, bytes, id, reserved = nothingReserved, check, isStaged }: Placing,
): Promise<{ before: FileRow | undefined; after: FileRow }> {
  const { now } = bytes
  await refuseBytesOver(tx, limits, workspaceId, bytes.sizeBytes, reserved)
  const before = await lockFileByName(tx, workspaceId, name)
  check?.(before)
  if (!before) await refuseFilesOver(tx, limits, workspaceId, reserved)
  await addUsage(tx, workspaceId, { files: (before ? 0 : 1) - reserved.files, bytes: bytes.sizeBytes - reserved.bytes })
  const isThere = await deleteCleanup(tx, { workspaceId, id: bytes.objectId, kind: 'object' })
  if (isStaged && !isThere) throw changedMeanwhile()
  if (!before) return { before, after: await insertFile(tx, workspaceId, { id: id ?? newId(now.getTime()), name, ...bytes }) }
  await keepVersion(tx, workspaceId, before, now)
  return { before, after: await updateBytes(tx, workspaceId, before.id, bytes) }
}

export async function keepVersion(tx: Tx, workspaceId: string, file: FileRow, now: Date): Promise<void> {
  const expiresAt = new Date(now.getTime() + versionDays * dayMs)
  await insertVersion(tx, workspaceId, file, expiresAt)
  await insertCleanup(tx, [{ workspaceId, id: file.object_id, kind: 'version', dueAt: expiresAt }])
}
