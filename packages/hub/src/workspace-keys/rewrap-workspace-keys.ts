import type { OwnerReads, WritePool } from '@freehold/db'
import { type Clock, newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import type { RootKey, RootKeys } from '../root-keys/index.ts'
import { findAccountId, listUnderOlderRoot, toKey, updateWrapped } from './queries.ts'
import { unwrapKey, wrapKey } from './workspace-keys.ts'

export type RewrapDeps = { owner: OwnerReads; writes: WritePool; roots: Pick<RootKeys, 'at'>; clock: Clock }
type Row = { workspace_id: string; version: number; wrapped: Buffer; root_version: number }

/** Wraps up to `limit` data keys that are under older root keys by this one; answers how many were under older ones. They stay what they are. */
export async function rewrapWorkspaceKeys({ owner, writes, roots, clock }: RewrapDeps, root: RootKey, limit: number): Promise<number> {
  const rows = await owner.sql<Row>(listUnderOlderRoot(root.version, limit))
  const [first] = rows
  if (!first) return 0
  await writes.transaction({ workspaceId: first.workspace_id }, async (tx) => {
    for (const row of rows) {
      const { workspace_id: workspaceId, version } = row
      const { key } = unwrapKey(await roots.at(row.root_version), toKey(workspaceId, row))
      const [, accountId, touched] = await Promise.all([
        tx.enter({ workspaceId }),
        findAccountId(tx, workspaceId),
        updateWrapped(tx, wrapKey(root, { workspaceId, version }, key), row.wrapped),
      ])
      if (touched === 0) continue
      const now = clock.now()
      await insertAuditEvent(tx, {
        id: newId(now.getTime()),
        chain: { kind: 'workspace', id: workspaceId },
        accountId,
        at: now,
        actor: { kind: 'system', id: 'freehold', label: 'Rotation of the root key' },
        action: 'workspace_key.rewrap',
        resource: { kind: 'workspace_key', id: String(version), label: `Data key version ${version}` },
        before: { root_version: row.root_version },
        after: { root_version: root.version },
        requestId: null,
        ip: null,
      })
    }
  })
  return rows.length
}
