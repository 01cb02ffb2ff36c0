import { AppError } from '@freehold/contract'
import type { Db, Gate, ReadPool } from '@freehold/db'
import { findWorkspace, type WorkspaceRow } from './queries.ts'

/** What every decision on a workspace needs to know of it, and the gate that guards that knowledge. */
export type WorkspacePlace = { accountId: string; status: WorkspaceRow['status']; gate: Gate }

/** Null when there is no such workspace. The gate is read in the same statement, so a later change moves it. */
export async function findWorkspacePlace(reads: ReadPool, workspaceId: string): Promise<WorkspacePlace | null> {
  const [row] = await reads
    .under({ workspaceId, raises: [workspaceId] })
    .sql<{ account_id: string; status: WorkspaceRow['status']; epoch: string }>({
      name: 'workspace_place',
      text: 'select w.account_id, w.status, g.epoch from hub.workspace w join hub.gate g on g.id = w.id where w.id = $1',
      values: [workspaceId],
    })
  return row ? { accountId: row.account_id, status: row.status, gate: { id: workspaceId, epoch: row.epoch } } : null
}

/** Where a workspace stands, under its own scope; undefined where there is none. No gate proves it: read it in the transaction that acts on it. */
export async function findWorkspaceStanding(db: Db, workspaceId: string): Promise<Omit<WorkspacePlace, 'gate'> | undefined> {
  const row = await findWorkspace(db, workspaceId)
  return row && { accountId: row.account_id, status: row.status }
}

/** Of the ids, those of workspaces that belong to none of the accounts. */
export async function findWorkspacesOutside(reads: ReadPool, ids: readonly string[], accountIds: readonly string[]): Promise<string[]> {
  const rows = await reads.under({ listedWorkspaceIds: ids }).sql<{ id: string }>({
    name: 'workspaces_outside',
    text: 'select id from hub.workspace where id = any ($1) and not account_id = any ($2)',
    values: [ids, accountIds],
  })
  return rows.map(({ id }) => id)
}

/** The account of each of the workspaces. */
export async function findWorkspaceAccounts(reads: ReadPool, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await reads.under({ listedWorkspaceIds: ids }).sql<{ id: string; account_id: string }>({
    name: 'workspace_accounts',
    text: 'select id, account_id from hub.workspace where id = any ($1)',
    values: [ids],
  })
  return new Map(rows.map((row) => [row.id, row.account_id]))
}

/** The id behind a slug, or null: whether the caller may know it is decided afterwards. A slug never moves to another workspace. */
export async function findWorkspaceIdBySlug(reads: ReadPool, slug: string): Promise<string | null> {
  const [row] = await reads.under({ proof: { slug } }).sql<{ id: string }>({
    name: 'workspace_by_slug',
    text: 'select id from hub.workspace where slug = $1',
    values: [slug],
  })
  return row?.id ?? null
}

/** The workspace's row, for who has been granted it. */
export async function requireWorkspace(db: Db, workspace: { id: string }): Promise<WorkspaceRow> {
  const row = await findWorkspace(db, workspace.id)
  if (!row) throw new AppError('not_found', 'No such workspace.')
  return row
}
