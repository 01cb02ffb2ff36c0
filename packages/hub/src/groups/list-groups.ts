import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { requireGroup } from './find-group.ts'
import { toGroup } from './group-answer.ts'
import { listGroups as selectGroups } from './queries.ts'

export async function listGroups(ctx: RequestContext, { query }: InputOf<'listGroups'>) {
  const account = ctx.granted('account', 'read')
  const page = pageById(query)
  const rows = await selectGroups(ctx.db, account.id, page)
  return toPage(rows, page.limit, toGroup, (row) => row.id)
}

export async function getGroup(ctx: RequestContext, { params }: InputOf<'getGroup'>) {
  const account = ctx.granted('account', 'read')
  return toGroup(await requireGroup(ctx.db, account, params.group_id))
}
