import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { toApiKey } from './api-key-answer.ts'
import { findApiKey, listApiKeys as selectApiKeys } from './queries.ts'

export async function listApiKeys(ctx: RequestContext, { query }: InputOf<'listApiKeys'>) {
  const workspace = ctx.granted('workspace', 'manage_members')
  const page = pageById(query)
  const rows = await selectApiKeys(ctx.db, workspace.id, page)
  return toPage(rows, page.limit, toApiKey, (row) => row.id)
}

export async function getApiKey(ctx: RequestContext, { params }: InputOf<'getApiKey'>) {
  const workspace = ctx.granted('workspace', 'manage_members')
  const row = await findApiKey(ctx.db, workspace.id, params.api_key_id)
  if (!row) throw new AppError('not_found', 'No such API key in this workspace.')
  return toApiKey(row)
}
