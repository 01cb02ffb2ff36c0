import { randomBytes } from 'node:crypto'
import type { Db, Tx } from '@freehold/db'
import { deriveKey, seal, unseal } from '@freehold/kit'
import { findKey, findNewestKey, insertKey, type WrappedKey } from './queries.ts'

/** A workspace's own key of 32 bytes. What it sealed is stored beside the version. */
export type DataKey = { version: number; key: Buffer }

const keyLength = 32

/**
 * The key under which a workspace's values are sealed, made when it is first asked for. The scope is the workspace; where it is made,
 * the transaction must write an audit event, as for any change.
 */
export async function workspaceKey(
  tx: Tx,
  rootKey: Uint8Array,
  { workspaceId, now }: { workspaceId: string; now: Date },
): Promise<DataKey> {
  const found = await findNewestKey(tx, workspaceId)
  if (found) return openWorkspaceKey(rootKey, found)
  const first = { workspaceId, version: 1 }
  await insertKey(tx, { ...first, wrapped: seal(wrappingKey(rootKey), randomBytes(keyLength), placeOf(first)) }, now)
  // Of two transactions that make it the second has waited for the first, and finds that one's.
  return openWorkspaceKey(rootKey, (await findNewestKey(tx, workspaceId))!)
}

/** A stored key, opened. Throws where the root key, the workspace or the version is another. */
export function openWorkspaceKey(rootKey: Uint8Array, stored: WrappedKey): DataKey {
  return { version: stored.version, key: unseal(wrappingKey(rootKey), stored.wrapped, placeOf(stored)) }
}

/** Data keys as the features of an instance in the same process ask for them. */
export function createWorkspaceKeys(rootKey: Uint8Array) {
  return {
    newest: (tx: Tx, workspaceId: string, now: Date): Promise<DataKey> => workspaceKey(tx, rootKey, { workspaceId, now }),
    async at(db: Db, workspaceId: string, version: number): Promise<DataKey> {
      const stored = await findKey(db, workspaceId, version)
      if (!stored) throw new Error(`workspace ${workspaceId} has no key of version ${version}`)
      return openWorkspaceKey(rootKey, stored)
    },
  }
}

function wrappingKey(rootKey: Uint8Array): Buffer {
  return deriveKey(rootKey, 'workspace keys')
}

function placeOf({ workspaceId, version }: { workspaceId: string; version: number }): string[] {
  return [workspaceId, String(version)]
}
