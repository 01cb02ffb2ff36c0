import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'

const summary = ['id', 'account_id', 'name', 'slug', 'status', 'region', 'tenancy_model', 'created_at'] as const
const detail = [...summary, 'description', 'settings', 'status_reason', 'provisioning_run_id', 'updated_at'] as const

export type WorkspaceSummaryRow = Pick<Selectable<Tables['hub.workspace']>, (typeof summary)[number]>
export type WorkspaceRow = Pick<Selectable<Tables['hub.workspace']>, (typeof detail)[number]>
export type WorkspaceFilter = { q?: string | undefined; status?: WorkspaceRow['status'] | undefined; accountId?: string | undefined }
export type PageWanted = { limit: number; after: string | null }

const filterText = `
  and ($2::uuid is null or id < $2) and ($4::text is null or status = $4) and ($4 is not null or status <> 'deleted')
  and ($5::uuid is null or account_id = $5) and ($6::text is null or name ilike $6 or slug ilike $6 or id::text = $7)`
const columns = summary.join(', ')

// Arrays stand behind a select, so that the planner does not plan each length anew.
const listByIdText = `select ${columns} from hub.workspace where id = any ((select $1::uuid[])::uuid[]) ${filterText} order by id desc limit $3`

// Each account's newest by its index, then the newest of all: never more than `limit` rows an account.
const listByAccountText = `
  select listed.* from unnest($1::uuid[]) as parent (id), lateral (
    select ${columns} from hub.workspace where account_id = parent.id ${filterText} order by id desc limit $3
  ) listed order by id desc limit $3`

/** Newest first: ids are UUIDv7, so their order is that of creation. One row more than the page, if there is one. */
export function listWorkspacesById(
  db: Db,
  ids: readonly string[],
  page: PageWanted,
  filter: WorkspaceFilter,
): Promise<WorkspaceSummaryRow[]> {
  return db.sql({ name: 'list_workspaces_by_id', text: listByIdText, values: [ids, ...filterValues(page, filter)] })
}

/** The same of all workspaces of some accounts. */
export function listWorkspacesByAccount(
  db: Db,
  accountIds: readonly string[],
  page: PageWanted,
  filter: WorkspaceFilter,
): Promise<WorkspaceSummaryRow[]> {
  return db.sql({ name: 'list_workspaces_by_account', text: listByAccountText, values: [accountIds, ...filterValues(page, filter)] })
}

function filterValues(page: PageWanted, { q, status, accountId }: WorkspaceFilter): unknown[] {
  const wanted = q?.trim()
  const pattern = wanted ? `%${wanted.replace(/[\\%_]/g, '\\$&')}%` : null
  return [page.after, page.limit + 1, status ?? null, accountId ?? null, pattern, wanted?.toLowerCase() ?? null]
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
