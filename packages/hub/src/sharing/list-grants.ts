import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import type { Db } from '@freehold/db'
import { AppError, type Grant } from '@freehold/contract'
import { toGrants } from './grant-answer.ts'
import { findGrantRow, type GrantRow, listGrantRows } from './queries.ts'

/** Newest first. One that has ended gives nothing, and is listed until somebody removes it. */
export async function listGrants(ctx: RequestContext, { query }: InputOf<'listGrants'>) {
  const workspace = ctx.granted('workspace', 'manage_members')
  const page = pageById(query)
  const { items, next } = toPage(
    await listGrantRows(ctx.db, workspace.id, page),
    page.limit,
    (row) => row,
    (row) => row.id,
  )
  return { items: await toGrants(ctx, ctx.db, items), next }
}

export async function getGrant(ctx: RequestContext, { params }: InputOf<'getGrant'>) {
  const workspace = ctx.granted('workspace', 'manage_members')
  return (await requireGrant(ctx, ctx.db, workspace.id, params.grant_id)).grant
}

/** A grant of the workspace, stored and as it is answered. */
export async function requireGrant(ctx: RequestContext, db: Db, workspaceId: string, grantId: string) {
  const row = await findGrantRow(db, workspaceId, grantId)
  if (!row) throw new AppError('not_found', 'No such grant in this workspace. `GET …/grants` lists those that there are.')
  const [grant] = await toGrants(ctx, db, [row])
  return { row, grant: grant! } satisfies { row: GrantRow; grant: Grant }
}
