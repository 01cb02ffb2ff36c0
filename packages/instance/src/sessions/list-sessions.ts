import { pageById, type RequestContext, toPage } from '@freehold/authz/request'
import type { Session } from '@freehold/contract'
import { listSessions as selectSessions, type SessionRow } from './queries.ts'

/** A workspace's sessions, at both addresses. Row-level security alone keeps a tenant to its own. */
export async function listSessions(ctx: RequestContext, { query }: { query: { limit?: number; cursor?: string } }) {
  const workspace = ctx.granted('workspace', 'read')
  const page = pageById(query)
  const rows = await selectSessions(ctx.db, workspace.id, page)
  return toPage(rows, page.limit, toSession, (row) => row.id)
}

function toSession(row: SessionRow): Session {
  return { ...row, created_at: row.created_at.toISOString() }
}
