import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable, Updateable } from 'kysely'

const ofWorkspace = [
  'workspace.id',
  'workspace.account_id',
  'workspace.name',
  'workspace.slug',
  'workspace.region',
  'workspace.status',
  'workspace.status_before',
  'workspace.settings',
  'workspace.created_at',
  'workspace.updated_at',
  'workspace.archived_at',
] as const
const ofProfile = [
  'profile.key',
  'profile.logo_uri',
  'profile.webhook_uri',
  'profile.webhook_events',
  'profile.public_keys',
  'profile.jwks_uri',
  'profile.disable_secret_key_auth',
  'profile.type',
] as const

export type OrgWorkspaceRow = Awaited<ReturnType<typeof listOrgWorkspaceRows>>[number]
export type StoredPublicKey = Selectable<Tables['hub.workspace_profile']>['public_keys'][number]

/** In no order: the caller has one. */
export function listOrgWorkspaceRows(db: Db, ids: readonly string[]) {
  return db.rows(
    build
      .selectFrom('hub.workspace as workspace')
      .innerJoin('hub.workspace_profile as profile', 'profile.workspace_id', 'workspace.id')
      .select([...ofWorkspace, ...ofProfile])
      .where('workspace.id', 'in', ids),
  )
}

export type ProfilePatch = {
  logoUri?: string | null | undefined
  webhookUri?: string | null | undefined
  webhookEvents?: string[] | undefined
  publicKeys?: StoredPublicKey[] | undefined
  jwksUri?: string | null | undefined
  disableSecretKeyAuth?: boolean | undefined
  type?: 'production' | 'development' | undefined
}

export function updateProfile(tx: Tx, workspaceId: string, patch: ProfilePatch, now: Date) {
  const set: Updateable<Tables['hub.workspace_profile']> = {
    updated_at: now,
    ...(patch.logoUri !== undefined && { logo_uri: patch.logoUri }),
    ...(patch.webhookUri !== undefined && { webhook_uri: patch.webhookUri }),
    ...(patch.webhookEvents !== undefined && { webhook_events: patch.webhookEvents }),
    ...(patch.publicKeys !== undefined && { public_keys: JSON.stringify(patch.publicKeys) }),
    ...(patch.jwksUri !== undefined && { jwks_uri: patch.jwksUri }),
    ...(patch.disableSecretKeyAuth !== undefined && { disable_secret_key_auth: patch.disableSecretKeyAuth }),
    ...(patch.type !== undefined && { type: patch.type }),
  }
  return tx.run(build.updateTable('hub.workspace_profile').set(set).where('workspace_id', '=', workspaceId))
}
