import { build, type Tx } from '@freehold/db'
import { defaultLimits, type LimitName } from './default-limits.ts'

/** What is allowed, with the row held until the transaction ends; null where there is no such limit. */
export async function lockLimit(tx: Tx, workspaceId: string, name: LimitName): Promise<number | null> {
  const row = await tx.first(
    build.selectFrom('hub.workspace_limit').select('allowed').where('workspace_id', '=', workspaceId).where('name', '=', name).forUpdate(),
  )
  return row ? Number(row.allowed) : null
}

export function insertDefaultLimits(tx: Tx, workspaceId: string) {
  const rows = Object.entries(defaultLimits).map(([name, allowed]) => ({ workspace_id: workspaceId, name, allowed }))
  return tx.run(
    build
      .insertInto('hub.workspace_limit')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing()),
  )
}

export function deleteLimits(tx: Tx, workspaceId: string) {
  return tx.run(build.deleteFrom('hub.workspace_limit').where('workspace_id', '=', workspaceId))
}
