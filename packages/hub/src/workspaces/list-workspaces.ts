import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { listWorkspaces as selectWorkspaces, type WorkspaceFilter } from './queries.ts'
import { toWorkspaceSummary } from './workspace-answer.ts'

export async function listWorkspaces(ctx: RequestContext, { query }: InputOf<'listWorkspaces'>) {
  return listVisible(ctx, query, { q: query.q, status: query.status, accountId: query.account_id })
}

export async function listWorkspacesByAccount(ctx: RequestContext, { query }: InputOf<'listWorkspacesByAccount'>) {
  const account = ctx.granted('account', 'read')
  return listVisible(ctx, query, { accountId: account.id })
}

async function listVisible(ctx: RequestContext, query: { limit?: number; cursor?: string }, filter: WorkspaceFilter) {
  const { workspaceIds, accountIds } = await ctx.visible()
  const page = pageById(query)
  if (workspaceIds.length + accountIds.length === 0) return { items: [], next: null }
  const db = ctx.reading({ listedWorkspaceIds: workspaceIds, listedAccountIds: accountIds })
  const rows = await selectWorkspaces(db, { workspaceIds, accountIds }, page, filter)
  return toPage(rows, page.limit, toWorkspaceSummary, (row) => row.id)
}
