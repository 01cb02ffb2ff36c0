import { build, type Db, type Tables, type Tx } from '@freehold/db'
import { type Selectable, sql } from 'kysely'

const summary = ['id', 'account_id', 'name', 'slug', 'status', 'region', 'tenancy_model', 'created_at'] as const
const detail = [...summary, 'description', 'settings', 'status_reason', 'provisioning_run_id', 'updated_at'] as const

export type WorkspaceSummaryRow = Awaited<ReturnType<typeof listWorkspaces>>[number]
export type WorkspaceRow = Pick<Selectable<Tables['hub.workspace']>, (typeof detail)[number]>
export type WorkspaceFilter = { q?: string | undefined; status?: WorkspaceRow['status'] | undefined; accountId?: string | undefined }

/** Newest first: ids are UUIDv7, so their order is that of creation. `seen` is what the caller may read. */
export function listWorkspaces(
  db: Db,
  seen: { workspaceIds: readonly string[]; accountIds: readonly string[] },
  page: { limit: number; after: string | null },
  { q, status, accountId }: WorkspaceFilter,
) {
  let query = build
    .selectFrom('hub.workspace')
    .select(summary)
    .where((where) => where.or([sql<boolean>`id = any((select ${seen.workspaceIds}::uuid[])::uuid[])`, sql<boolean>`account_id = any((select ${seen.accountIds}::uuid[])::uuid[])`]))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  query = status === undefined ? query.where('status', '!=', 'deleted') : query.where('status', '=', status)
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (accountId !== undefined) query = query.where('account_id', '=', accountId)
  if (q !== undefined && q.trim() !== '') {
    const part = `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((where) =>
      where.or([where('name', 'ilike', part), where('slug', 'ilike', part), sql<boolean>`id::text = ${q.trim().toLowerCase()}`]),
    )
  }
  return db.rows(query)
}

// Written by hand: it is the hottest statement of all, and building it anew would cost more than running it.
const findWorkspaceText = `select ${detail.join(', ')} from hub.workspace where id = $1`

export async function findWorkspace(db: Db, workspaceId: string): Promise<WorkspaceRow | undefined> {
  const [row] = await db.sql<WorkspaceRow>({ name: 'find_workspace', text: findWorkspaceText, values: [workspaceId] })
  return row
}

export type NewWorkspaceRow = {
  id: string
  accountId: string
  name: string
  slug: string
  description: string
  region: string
  tenancyModel: 'shared' | 'dedicated'
  createdBy: string
  runId: string
  now: Date
}

/** Undefined when the slug is taken. */
export function insertWorkspace(tx: Tx, workspace: NewWorkspaceRow) {
  return tx.first(
    build
      .insertInto('hub.workspace')
      .values({
        id: workspace.id,
        account_id: workspace.accountId,
        name: workspace.name,
        slug: workspace.slug,
        description: workspace.description,
        status: 'provisioning',
        region: workspace.region,
        tenancy_model: workspace.tenancyModel,
        created_by: workspace.createdBy,
        provisioning_run_id: workspace.runId,
        created_at: workspace.now,
        updated_at: workspace.now,
      })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returning(['id', 'name', 'slug']),
  )
}

export type WorkspacePatch = { name?: string | undefined; description?: string | undefined; settings?: Record<string, unknown> | undefined }

export function updateWorkspace(tx: Tx, workspaceId: string, { name, description, settings }: WorkspacePatch, now: Date) {
  return tx.run(
    build
      .updateTable('hub.workspace')
      .set({
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(settings !== undefined && { settings: JSON.stringify(settings) }),
        updated_at: now,
      })
      .set((eb) => ({ config_version: eb('config_version', '+', '1') }))
      .where('id', '=', workspaceId),
  )
}

export function updateWorkspaceStatus(tx: Tx, workspaceId: string, status: WorkspaceRow['status'], reason: string | null, now: Date) {
  return tx.run(build.updateTable('hub.workspace').set({ status, status_reason: reason, updated_at: now }).where('id', '=', workspaceId))
}
