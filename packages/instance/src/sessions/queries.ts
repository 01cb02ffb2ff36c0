import { build, type Db, type Tables } from '@freehold/db'
import type { Selectable } from 'kysely'

const columns = ['id', 'workspace_id', 'tenant_id', 'name', 'phase', 'created_at', 'created_by'] as const
export type SessionRow = Pick<Selectable<Tables['instance.session']>, (typeof columns)[number]>

/** Newest first, one row more than the page; under a tenant's scope only that tenant's. */
export function listSessions(db: Db, workspaceId: string, page: { limit: number; after: string | null }): Promise<SessionRow[]> {
  let query = build
    .selectFrom('instance.session')
    .select(columns)
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return db.rows(query)
}
