import { build, type Db, type Tables, type Tx } from '@freehold/db'
import { type Selectable, sql } from 'kysely'

const summary = ['id', 'account_id', 'name', 'slug', 'status', 'region', 'tenancy_model', 'created_at'] as const
const detail = [...summary, 'description', 'settings', 'status_reason', 'provisioning_run_id', 'updated_at'] as const

export type WorkspaceSummaryRow = Pick<Selectable<Tables['hub.workspace']>, (typeof summary)[number]>
export type WorkspaceRow = Pick<Selectable<Tables['hub.workspace']>, (typeof detail)[number]>
export type WorkspaceFilter = { q?: string | undefined; status?: WorkspaceRow['status'] | undefined; accountId?: string | undefined }
export type PageWanted = { limit: number; after: string | null }

const columns = summary.join(', ')
/** Ids as Postgres writes an array of them; the driver's own way looks at each character. */
function toArrayText(ids: readonly string[]): string {
  return `{${ids.join(',')}}`
}

type Conditions = { text: string; values: unknown[]; name: string }

/** Only the conditions that are asked for, from `$2` on: each row costs what is compared on it. */
function conditionsOf({ after, limit }: PageWanted, { q, status, accountId }: WorkspaceFilter): Conditions {
  const values: unknown[] = [limit + 1]
  const names: string[] = []
  let text = ''
  const add = (name: string, value: unknown, condition: (parameter: string) => string) => {
    names.push(name)
    values.push(value)
    text += ` and ${condition(`$${values.length + 1}`)}`
  }
  if (after !== null) add('after', after, (parameter) => `id < ${parameter}`)
  if (status !== undefined) add('status', status, (parameter) => `status = ${parameter}`)
  else text += " and status <> 'deleted'"
  if (accountId !== undefined) add('account', accountId, (parameter) => `account_id = ${parameter}`)
  const wanted = q?.trim()
  if (wanted) {
    const pattern = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`
    add(
      'q',
      pattern,
      (parameter) => `(name ilike ${parameter} or slug ilike ${parameter} or id::text = lower(trim(both '%' from ${parameter})))`,
    )
  }
  return { text, values, name: names.join('_') }
}

/** Newest first: ids are UUIDv7, so their order is that of creation. One row more than the page, if there is one. */
export function listWorkspacesById(
  db: Db,
  ids: readonly string[],
  page: PageWanted,
  filter: WorkspaceFilter,
): Promise<WorkspaceSummaryRow[]> {
  const { text, values, name } = conditionsOf(page, filter)
  return db.sql({
    name: `list_workspaces_by_id_${name}`,
    // Behind a select, so that the planner does not plan each length of the array anew.
    text: `select ${columns} from hub.workspace where id = any ((select $1::uuid[])::uuid[])${text} order by id desc limit $2`,
    values: [toArrayText(ids), ...values],
  })
}

/** The same of all workspaces of some accounts: each account's newest by its index, then the newest of all. */
export function listWorkspacesByAccount(
  db: Db,
  accountIds: readonly string[],
  page: PageWanted,
  filter: WorkspaceFilter,
): Promise<WorkspaceSummaryRow[]> {
  const { text, values, name } = conditionsOf(page, filter)
  const ofOne = (account: string) => `select ${columns} from hub.workspace where account_id = ${account}${text} order by id desc limit $2`
  const [first, ...more] = accountIds
  return more.length === 0
    ? db.sql({ name: `list_workspaces_of_account_${name}`, text: ofOne('$1'), values: [first, ...values] })
    : db.sql({
        name: `list_workspaces_of_accounts_${name}`,
        text: `select listed.* from unnest($1::uuid[]) as parent (id), lateral (${ofOne('parent.id')}) listed order by id desc limit $2`,
        values: [toArrayText(accountIds), ...values],
      })
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

/** Keeps what the workspace was. */
export function updateToArchived(tx: Tx, workspaceId: string, now: Date) {
  return tx.run(
    build
      .updateTable('hub.workspace')
      .set({ status: 'archived', status_before: sql`status`, archived_at: now, updated_at: now })
      .where('id', '=', workspaceId),
  )
}

/** Makes it what it was. */
export function updateToRestored(tx: Tx, workspaceId: string, now: Date) {
  return tx.run(
    build
      .updateTable('hub.workspace')
      .set({ status: sql`status_before`, status_before: null, archived_at: null, updated_at: now })
      .where('id', '=', workspaceId),
  )
}
