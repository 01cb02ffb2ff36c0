import type { Db, Tx } from '@freehold/db'
import type { Limits } from '../deps.ts'
import { readUsage, type Usage } from './usage-queries.ts'

export const nothingReserved: Usage = { files: 0, bytes: 0 }

/**
 * Throws `limit_reached` where so much more, less what had been reserved for it, is too much. Whoever adds to the same workspace
 * waits behind it, so that two that begin together cannot both be the last. Bytes come before files, and both before any row of a file.
 */
export async function refuseBytesOver(
  tx: Tx,
  limits: Limits,
  workspaceId: string,
  bytes: number,
  reserved = nothingReserved,
): Promise<void> {
  const used = async () => (await readUsage(tx, workspaceId)).bytes - reserved.bytes
  await limits.refuseOver(tx, workspaceId, 'file_bytes', used, bytes)
}

export async function refuseFilesOver(tx: Tx, limits: Limits, workspaceId: string, reserved = nothingReserved): Promise<void> {
  const used = async () => (await readUsage(tx, workspaceId)).files - reserved.files
  await limits.refuseOver(tx, workspaceId, 'files', used)
}

/** How many bytes a workspace has room for. */
export async function roomBytes(db: Db, limits: Limits, workspaceId: string): Promise<{ allowed: number; used: number; left: number }> {
  const [allowed, { bytes }] = await Promise.all([limits.read(db, workspaceId, 'file_bytes'), readUsage(db, workspaceId)])
  return { allowed, used: bytes, left: Math.max(0, allowed - bytes) }
}
