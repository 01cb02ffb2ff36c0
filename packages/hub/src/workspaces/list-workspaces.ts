import { type InputOf, type PageOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import type { WorkspaceSummary } from '@freehold/contract'
import {
  listWorkspacesByAccount as selectByAccount,
  listWorkspacesById,
  type PageWanted,
  type WorkspaceFilter,
  type WorkspaceSummaryRow,
} from './queries.ts'
import { toWorkspaceSummary } from './workspace-answer.ts'

export async function listWorkspaces(ctx: RequestContext, { query }: InputOf<'listWorkspaces'>) {
  return toSummaries(await listReadable(ctx, query, { q: query.q, status: query.status, accountId: query.account_id }))
}

export async function listWorkspacesByAccount(ctx: RequestContext, { query }: InputOf<'listWorkspacesByAccount'>) {
  const account = ctx.granted('account', 'read')
  return toSummaries(await listReadable(ctx, query, { accountId: account.id }))
}

function toSummaries({ items, next }: PageOf<WorkspaceSummaryRow>): PageOf<WorkspaceSummary> {
  return { items: items.map(toWorkspaceSummary), next }
}

/** A page of the workspaces that the caller may read, newest first. */
export async function listReadable(
  ctx: RequestContext,
  query: { limit?: number; cursor?: string },
  filter: WorkspaceFilter,
): Promise<PageOf<WorkspaceSummaryRow>> {
  const { workspaceIds, accountIds: readable } = await ctx.visible()
  const accountIds = filter.accountId === undefined ? readable : readable.filter((id) => id === filter.accountId)
  const page = pageById(query)
  const [shared, own] = await Promise.all([
    listShared(ctx, workspaceIds, page, filter),
    accountIds.length === 0 ? [] : selectByAccount(ctx.reading({ listedAccountIds: accountIds }), accountIds, page, filter),
  ])
  return toPage(
    mergeNewestFirst(own, shared),
    page.limit,
    (row) => row,
    (row) => row.id,
  )
}

/**
 * Of the workspaces that are reached by id, only the next few are asked for: what the page may show is then also all
 * that row-level security lets it see. Rows that the filter drops are made up for by asking for the next few.
 */
async function listShared(
  ctx: RequestContext,
  ids: readonly string[],
  page: PageWanted,
  filter: WorkspaceFilter,
): Promise<WorkspaceSummaryRow[]> {
  const isFiltered = filter.q !== undefined || filter.status !== undefined || filter.accountId !== undefined
  const { after } = page
  const candidates = after === null ? ids : ids.filter((id) => id < after)
  const step = isFiltered ? Math.max(candidates.length, 1) : page.limit + 1
  const rows: WorkspaceSummaryRow[] = []
  for (let start = 0; start < candidates.length && rows.length <= page.limit; start += step) {
    const next = candidates.slice(start, start + step)
    rows.push(...(await listWorkspacesById(ctx.reading({ listedWorkspaceIds: next }), next, page, filter)))
  }
  return rows
}

function mergeNewestFirst(left: WorkspaceSummaryRow[], right: WorkspaceSummaryRow[]): WorkspaceSummaryRow[] {
  if (left.length === 0 || right.length === 0) return left.length === 0 ? right : left
  return [...left, ...right].sort((one, other) => (one.id < other.id ? 1 : -1))
}
