import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { toAccount } from './account-answer.ts'
import { listAccounts as selectAccounts } from './queries.ts'

export async function listAccounts(ctx: RequestContext, { query }: InputOf<'listAccounts'>) {
  const { accountIds, readableAccountIds } = await ctx.visible()
  const page = pageById(query)
  if (readableAccountIds.length === 0) return { items: [], next: null }
  const rows = await selectAccounts(ctx.reading({ listedAccountIds: readableAccountIds }), readableAccountIds, page)
  // Whoever reaches all workspaces of an account administers it.
  const administered = new Set(accountIds)
  return toPage(
    rows,
    page.limit,
    (row) => toAccount(row, administered.has(row.id) ? ['read', 'administer'] : ['read']),
    (row) => row.id,
  )
}
