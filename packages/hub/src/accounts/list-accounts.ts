import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { toAccount } from './account-answer.ts'
import { listAccounts as selectAccounts } from './queries.ts'

export async function listAccounts(ctx: RequestContext, { query }: InputOf<'listAccounts'>) {
  const { readableAccountIds, accountPermissions } = await ctx.visible()
  const page = pageById(query)
  if (readableAccountIds.length === 0) return { items: [], next: null }
  const rows = await selectAccounts(ctx.reading({ listedAccountIds: readableAccountIds }), readableAccountIds, page)
  return toPage(
    rows,
    page.limit,
    (row) => toAccount(row, accountPermissions.get(row.id) ?? []),
    (row) => row.id,
  )
}
