import type { OrgWorkspace } from '@freehold/contract'
import { hash } from 'node:crypto'
import { withoutSecrets } from '../audit/index.ts'
import { defaultLimits } from '../limits/index.ts'
import type { Configured } from './find-org-workspace.ts'

export function toOrgWorkspace({ row, limits }: Configured): OrgWorkspace {
  return {
    id: row.id,
    orgId: row.account_id,
    key: row.key,
    slug: row.slug,
    region: row.region,
    status: row.status,
    name: row.name,
    logoUri: row.logo_uri,
    webhookUri: row.webhook_uri,
    webhookEvents: row.webhook_events,
    publicKeys: row.public_keys as OrgWorkspace['publicKeys'],
    jwksUri: row.jwks_uri,
    settings: { ...row.settings, disableSecretKeyAuth: row.disable_secret_key_auth },
    limits: { ...defaultLimits, ...limits },
    type: row.type,
    // An archived one comes back as what it was.
    isReadOnly: (row.status_before ?? row.status) === 'frozen',
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
  }
}

/** What an audit event keeps of how a workspace is configured. */
export function orgWorkspaceSnapshot(configured: Configured): Record<string, unknown> {
  const { name, logoUri, webhookUri, webhookEvents, publicKeys, jwksUri, settings, limits, type, isReadOnly } = toOrgWorkspace(configured)
  return {
    name,
    logoUri,
    webhookUri,
    webhookEvents,
    publicKeys: publicKeys.map(({ kid, algorithm, key }) => ({ kid, algorithm, sha256: hash('sha256', key) })),
    jwksUri,
    settings: withoutSecrets(settings),
    limits,
    type,
    isReadOnly,
  }
}
