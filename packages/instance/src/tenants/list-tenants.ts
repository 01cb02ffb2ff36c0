import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { findTenant, listTenants as selectTenants } from './queries.ts'
import { toTenant } from './tenant-answer.ts'

export async function listTenants(ctx: RequestContext, { query }: InputOf<'listTenants'>) {
  const workspace = ctx.granted('workspace', 'read')
  const page = pageById(query)
  const rows = await selectTenants(ctx.db, workspace.id, page, query)
  return toPage(rows, page.limit, toTenant, (row) => row.id)
}

export async function getTenant(ctx: RequestContext, { params }: InputOf<'getTenant'>) {
  const workspace = ctx.granted('workspace', 'read')
  const row = await findTenant(ctx.db, workspace.id, params.tenant_key)
  if (!row) throw noTenant()
  return toTenant(row)
}

export function noTenant(): AppError {
  return new AppError('not_found', 'No such tenant in this workspace. It appears when a token first names it.')
}
