import { build, type Db } from '@freehold/db'

/** An API key of the workspace in whatever state, with what it may be used from and for. */
export function findKeyInAnyState(db: Db, workspaceId: string, keyId: string) {
  return db.first(
    build
      .selectFrom('hub.credential')
      .select(['id', 'name', 'role', 'scopes', 'allowed_ips', 'allowed_origins', 'environments', 'expires_at', 'revoked_at'])
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', keyId)
      .where('kind', '=', 'api_key'),
  )
}

export function findEnvironmentBySlug(db: Db, workspaceId: string, slug: string) {
  return db.first(
    build.selectFrom('hub.environment').select(['id', 'slug']).where('workspace_id', '=', workspaceId).where('slug', '=', slug),
  )
}

/** What the workspace's own standing says about a request. */
export function findStanding(db: Db, workspaceId: string) {
  return db.first(
    build
      .selectFrom('hub.workspace as workspace')
      .innerJoin('hub.account as account', 'account.id', 'workspace.account_id')
      .select(['workspace.name', 'workspace.slug', 'workspace.status', 'account.id as account_id', 'account.name as account_name'])
      .select('account.require_second_factor')
      .where('workspace.id', '=', workspaceId),
  )
}
