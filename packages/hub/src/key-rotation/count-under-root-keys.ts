import type { OwnerReads } from '@freehold/db'
import { countTotpByRoot } from '../second-factor/index.ts'
import { countWorkspaceKeysByRoot } from '../workspace-keys/index.ts'

export type UnderRootKey = { workspaceKeys: number; authenticators: number }

/** What is sealed under each version of the root key. */
export async function countUnderRootKeys(owner: OwnerReads): Promise<Map<number, UnderRootKey>> {
  const counts = new Map<number, UnderRootKey>()
  const of = (version: number) => {
    const found = counts.get(version) ?? { workspaceKeys: 0, authenticators: 0 }
    counts.set(version, found)
    return found
  }
  type Row = { root_version: number; count: number }
  for (const row of await owner.sql<Row>(countWorkspaceKeysByRoot)) of(row.root_version).workspaceKeys = row.count
  for (const row of await owner.sql<Row>(countTotpByRoot)) of(row.root_version).authenticators = row.count
  return counts
}
