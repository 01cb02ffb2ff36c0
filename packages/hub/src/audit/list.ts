import { pageById, type RequestContext, toPage, type Handler } from '@freehold/authz/request'
import type { StoredEvent } from './stored-event.ts'
import { toAuditEvent } from './stored-event.ts'
import { listAccountEvents, listVisibleEvents, listWorkspaceEvents } from './feed-queries.ts'

/** GF-13, PR-08: a workspace's own feed. */
export const listWorkspaceAudit: Handler<'listWorkspaceAudit'> = async (ctx, { query }) => {
  const page = pageById(query)
  return toFeed(await listWorkspaceEvents(ctx.db, ctx.granted('workspace', 'read'), query, page), page.limit)
}

/** GF-13: an account's own feed. Only who administers the account may know of all its workspaces. */
export const listAccountAudit: Handler<'listAccountAudit'> = async (ctx, { query }) => {
  const account = ctx.granted('account', 'read')
  const page = pageById(query)
  const withWorkspaces = ctx.permissions.has('administer')
  const db = withWorkspaces ? readingAccount(ctx, account.id) : ctx.db
  return toFeed(await listAccountEvents(db, account, query, { ...page, withWorkspaces }), page.limit)
}

/** The feeds of all that the caller may read, in one. */
export const listActivity: Handler<'listActivity'> = async (ctx, { query }) => {
  const page = pageById(query)
  const visible = await ctx.visible()
  const db = ctx.reading({
    listedWorkspaceIds: visible.workspaceIds,
    listedAccountIds: visible.accountIds,
    proof: { chain_ids: visible.readableAccountIds.join(',') },
  })
  return toFeed(await listVisibleEvents(db, visible, query, page), page.limit)
}

function readingAccount(ctx: RequestContext, accountId: string) {
  return ctx.reading({ accountId, listedAccountIds: [accountId] })
}

function toFeed(rows: StoredEvent[], limit: number) {
  return toPage(rows, limit, toAuditEvent, (row) => row.id)
}
