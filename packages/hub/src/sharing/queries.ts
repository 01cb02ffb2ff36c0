import { type WorkspaceRole, workspaceRoles } from '@freehold/contract'
import { build, type Db } from '@freehold/db'
import type { InferResult } from 'kysely'

export type Subject = { type: 'user' | 'group'; id: string }
export type GrantRow = {
  id: string
  subject: Subject
  role: WorkspaceRole
  expiresAt: Date | null
  createdAt: Date
  createdBy: string | null
}

/** The tuples of a workspace that are grants: those of people and groups. */
function grantsOf(workspaceId: string) {
  return build
    .selectFrom('hub.relationship')
    .select(['id', 'relation', 'subject_type', 'subject_id', 'expires_at', 'created_at', 'created_by'])
    .where('resource_type', '=', 'workspace')
    .where('resource_id', '=', workspaceId)
    .where('relation', 'in', workspaceRoles)
    .where('subject_type', 'in', ['user', 'group'])
}

/** Newest first, those that have ended too. One more than the page, if there is one. */
export async function listGrantRows(db: Db, workspaceId: string, page: { limit: number; after: string | null }): Promise<GrantRow[]> {
  let query = grantsOf(workspaceId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return (await db.rows(query)).map(toGrantRow)
}

export async function findGrantRow(db: Db, workspaceId: string, grantId: string): Promise<GrantRow | undefined> {
  const row = await db.first(grantsOf(workspaceId).where('id', '=', grantId))
  return row && toGrantRow(row)
}

/** What a subject has been granted in its own name. */
export async function listGrantRowsOf(db: Db, workspaceId: string, subject: Subject): Promise<GrantRow[]> {
  const rows = await db.rows(
    grantsOf(workspaceId).where('subject_type', '=', subject.type).where('subject_id', '=', subject.id).orderBy('id'),
  )
  return rows.map(toGrantRow)
}

/** Who owns the workspace, but for one person. */
export function findOtherOwner(db: Db, workspaceId: string, userId: string) {
  return db.first(
    grantsOf(workspaceId).where('relation', '=', 'owner').where('subject_type', '=', 'user').where('subject_id', '!=', userId),
  )
}

/** A group of the account in scope. Holds off whoever would delete it, until this transaction ends. */
export function findGroupForShare(db: Db, groupId: string) {
  return db.first(build.selectFrom('hub.user_group').select(['id', 'name']).where('id', '=', groupId).forShare())
}

export function findWorkspaceName(db: Db, workspaceId: string) {
  return db.first(build.selectFrom('hub.workspace').select('name').where('id', '=', workspaceId))
}

function toGrantRow(row: InferResult<ReturnType<typeof grantsOf>>[number]): GrantRow {
  return {
    id: row.id,
    subject: { type: row.subject_type as Subject['type'], id: row.subject_id },
    role: row.relation as WorkspaceRole,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
  }
}
