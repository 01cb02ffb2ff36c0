import { build, type Db, type Tx } from '@freehold/db'
import { defaultLimits, type LimitName } from './default-limits.ts'

/** What is allowed, with the row held until the transaction ends. Limits that are newer than the workspace begin at their default. */
export async function lockLimit(tx: Tx, workspaceId: string, name: LimitName): Promise<number> {
  const held = await lockRow(tx, workspaceId, name)
  if (held !== null) return held
  await insertDefaultLimits(tx, workspaceId)
  return (await lockRow(tx, workspaceId, name))!
}

async function lockRow(tx: Tx, workspaceId: string, name: LimitName): Promise<number | null> {
  const row = await tx.first(
    build.selectFrom('hub.workspace_limit').select('allowed').where('workspace_id', '=', workspaceId).where('name', '=', name).forUpdate(),
  )
  return row ? Number(row.allowed) : null
}

/** What is allowed. */
export async function readLimit(db: Db, workspaceId: string, name: LimitName): Promise<number> {
  const row = await db.first(
    build.selectFrom('hub.workspace_limit').select('allowed').where('workspace_id', '=', workspaceId).where('name', '=', name),
  )
  return row ? Number(row.allowed) : defaultLimits[name]
}

/** What each of the workspaces may have, by name. One that is still being provisioned has no limits of its own yet. */
export async function listLimits(db: Db, workspaceIds: readonly string[]): Promise<Map<string, Record<string, number>>> {
  if (workspaceIds.length === 0) return new Map()
  const rows = await db.rows(
    build.selectFrom('hub.workspace_limit').select(['workspace_id', 'name', 'allowed']).where('workspace_id', 'in', workspaceIds),
  )
  const limits = new Map<string, Record<string, number>>()
  for (const { workspace_id: id, name, allowed } of rows) limits.set(id, { ...limits.get(id), [name]: Number(allowed) })
  return limits
}

export function upsertLimits(tx: Tx, workspaceId: string, limits: Readonly<Record<string, number>>) {
  const rows = Object.entries(limits).map(([name, allowed]) => ({ workspace_id: workspaceId, name, allowed }))
  return tx.run(
    build
      .insertInto('hub.workspace_limit')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'name']).doUpdateSet((set) => ({ allowed: set.ref('excluded.allowed') })),
      ),
  )
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
