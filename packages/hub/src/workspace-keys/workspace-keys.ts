import { randomBytes } from 'node:crypto'
import { type DataKey, type Db, EpochMoved, type Tx } from '@freehold/db'
import { seal, unseal } from '@freehold/kit'
import type { RootKey, RootKeys } from '../root-keys/index.ts'
import { createKeyCache } from './key-cache.ts'
import { findKeyFrom, holdNewestKey, insertFirstKey, type WrappedKey } from './queries.ts'

export type WorkspaceKeys = ReturnType<typeof createWorkspaceKeys>

const keyLength = 32
const purpose = 'workspace keys'
const mostRemembered = 10_000

/**
 * Data keys of workspaces. Those that were opened are remembered under the epoch of the workspace's gate: deleting one raises the gate, so
 * an epoch that a scope has proved also proves that the key is still there, on any process, without another round trip.
 */
export function createWorkspaceKeys(roots: RootKeys, { most = mostRemembered }: { most?: number } = {}) {
  const cache = createKeyCache(most)
  roots.onChange(() => cache.clear())

  const open = async (stored: WrappedKey): Promise<DataKey> => unwrapKey(await roots.at(stored.rootVersion), stored)

  return {
    /** The key under which a workspace's values are sealed, made when it is first asked for; the transaction must then write an audit event. */
    async newest(tx: Tx, workspaceId: string, now: Date): Promise<DataKey> {
      const found = await holdNewestKey(tx, workspaceId)
      if (found) return open(found)
      await insertFirstKey(tx, newKey(await roots.sealing(tx), { workspaceId, version: 1 }), now)
      // Of two transactions that make it the second has waited for the first, and finds that one's.
      return open((await holdNewestKey(tx, workspaceId))!)
    },
    /** The key of this version. Throws EpochMoved where a rotation has replaced it since whatever it sealed was read. */
    async at(db: Db, workspaceId: string, version: number): Promise<DataKey> {
      const epoch = db.scope?.gates?.find(({ id }) => id === workspaceId)?.epoch
      const known = epoch === undefined ? null : cache.find(workspaceId, version, epoch)
      if (known) return { version, key: known }
      const stored = await findKeyFrom(db, workspaceId, version)
      if (!stored) throw new Error(`workspace ${workspaceId} has no key of version ${version}`)
      if (stored.version !== version) throw new EpochMoved(`key version ${version} of workspace ${workspaceId} has been rotated away`)
      const opened = await open(stored)
      if (epoch !== undefined && !stored.isOwn) cache.put(workspaceId, version, { key: opened.key, epoch })
      return opened
    },
    /** A stored key that was read together with what it sealed. */
    open,
  }
}

/** A random key for a workspace, wrapped. */
export function newKey(root: RootKey, place: { workspaceId: string; version: number }): WrappedKey {
  return wrapKey(root, place, randomBytes(keyLength))
}

export function wrapKey(root: RootKey, place: { workspaceId: string; version: number }, key: Uint8Array): WrappedKey {
  return { ...place, wrapped: seal(root.derive(purpose), key, placeOf(place)), rootVersion: root.version }
}

/** Throws where the root key, the workspace or the version is another. */
export function unwrapKey(root: RootKey, stored: WrappedKey): DataKey {
  return { version: stored.version, key: unseal(root.derive(purpose), stored.wrapped, placeOf(stored)) }
}

function placeOf({ workspaceId, version }: { workspaceId: string; version: number }): string[] {
  return [workspaceId, String(version)]
}
