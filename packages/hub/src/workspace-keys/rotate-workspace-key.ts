import type { ReadPool, Resealer, Tx, WritePool } from '@freehold/db'
import { type Clock, newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import type { RootKeys } from '../root-keys/index.ts'
import { deleteOlderKeys, findAccountId, insertKey, listKeyVersions, lockOlderKeys } from './queries.ts'
import { newKey, type WorkspaceKeys } from './workspace-keys.ts'

export type RotateKeyDeps = {
  reads: ReadPool
  writes: WritePool
  roots: Pick<RootKeys, 'sealing'>
  keys: WorkspaceKeys
  resealers: readonly Resealer[]
  clock: Clock
}
export type RotateKeyOptions = { batch: number; onProgress(line: string): void }

type Action = 'workspace_key.rotate' | 'workspace_key.reseal' | 'workspace_key.retire'

/**
 * Gives a workspace a new data key, seals everything under it, and drops the older ones. Whatever was done before an end by force stays
 * done: what is left is read from the rows themselves. Answers the new version; null for a workspace that has no key, or does not exist.
 */
export async function rotateWorkspaceKey(deps: RotateKeyDeps, workspaceId: string, options: RotateKeyOptions): Promise<number | null> {
  const accountId = await findAccountId(deps.reads.under({ workspaceId }), workspaceId)
  const place = { workspaceId, accountId }
  const version = await beginRotation(deps, place, options)
  if (version === null) return null
  let total = 0
  for (;;) {
    for (const resealer of deps.resealers) {
      for (let count = 1; count > 0;) {
        count = await inWorkspace(deps, place, (tx) => resealBatch(deps, tx, { place, resealer, limit: options.batch }))
        total += count
        if (count > 0) options.onProgress(`Sealed ${total} values anew, ${count} of them in ${resealer.table}.`)
      }
    }
    if (await retire(deps, place, version)) return version
  }
}

type Workspace = { workspaceId: string; accountId: string | null }

function inWorkspace<R>({ writes }: RotateKeyDeps, { workspaceId, accountId }: Workspace, fn: (tx: Tx) => Promise<R>): Promise<R> {
  return writes.transaction({ workspaceId, accountId: accountId ?? undefined }, fn)
}

/** The version that everything is to be under: a new one, or that of a rotation which was not finished. */
function beginRotation(deps: RotateKeyDeps, place: Workspace, { onProgress }: RotateKeyOptions): Promise<number | null> {
  const { workspaceId } = place
  return inWorkspace(deps, place, async (tx) => {
    const [newest, ...older] = await listKeyVersions(tx, workspaceId)
    if (!newest) return null
    if (older.length > 0) {
      onProgress(`Going on with the rotation to version ${newest.version}.`)
      return newest.version
    }
    const version = newest.version + 1
    if ((await insertKey(tx, newKey(await deps.roots.sealing(tx), { workspaceId, version }), deps.clock.now())) === 1) {
      await record(deps, tx, { place, version, action: 'workspace_key.rotate' })
      onProgress(`Made version ${version}.`)
    }
    return version
  })
}

type Batch = { place: Workspace; resealer: Resealer; limit: number }

async function resealBatch(deps: RotateKeyDeps, tx: Tx, { place, resealer, limit }: Batch): Promise<number> {
  const { workspaceId } = place
  const newest = await deps.keys.newest(tx, workspaceId, deps.clock.now())
  const count = await resealer.reseal(tx, { workspaceId, newest, at: (version) => deps.keys.at(tx, workspaceId, version), limit })
  if (count > 0)
    await record(deps, tx, {
      place,
      version: newest.version,
      action: 'workspace_key.reseal',
      after: { table: resealer.table, rows: count },
    })
  return count
}

/** False where a writer that had the older key has stored something under it meanwhile. */
async function retire(deps: RotateKeyDeps, place: Workspace, version: number): Promise<boolean> {
  const { workspaceId } = place
  return inWorkspace(deps, place, async (tx) => {
    await lockOlderKeys(tx, workspaceId, version)
    for (const resealer of deps.resealers) {
      if ((await resealBatch(deps, tx, { place, resealer, limit: 1 })) > 0) return false
    }
    if ((await deleteOlderKeys(tx, workspaceId, version)) > 0) await record(deps, tx, { place, version, action: 'workspace_key.retire' })
    return true
  })
}

type Recorded = { place: Workspace; version: number; action: Action; after?: Record<string, unknown> }

function record({ clock }: RotateKeyDeps, tx: Tx, { place, version, action, after = {} }: Recorded): Promise<void> {
  const now = clock.now()
  return insertAuditEvent(tx, {
    id: newId(now.getTime()),
    chain: { kind: 'workspace', id: place.workspaceId },
    accountId: place.accountId,
    at: now,
    actor: { kind: 'system', id: 'freehold', label: 'Rotation of the data key' },
    action,
    resource: { kind: 'workspace_key', id: String(version), label: `Data key version ${version}` },
    after: { version, ...after },
    requestId: null,
    ip: null,
  })
}
