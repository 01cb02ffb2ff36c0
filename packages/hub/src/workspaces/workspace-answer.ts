import type { Workspace, WorkspaceSummary } from '@freehold/contract'
import { withoutSecrets } from '../audit/index.ts'
import type { WorkspaceRow, WorkspaceSummaryRow } from './queries.ts'

export function toWorkspaceSummary(row: WorkspaceSummaryRow): WorkspaceSummary {
  return {
    id: row.id,
    account_id: row.account_id,
    name: row.name,
    slug: row.slug,
    status: row.status,
    region: row.region,
    tenancy_model: row.tenancy_model,
    created_at: row.created_at.toISOString(),
  }
}

export function toWorkspace(row: WorkspaceRow, permissions: Iterable<string>): Workspace {
  return {
    ...toWorkspaceSummary(row),
    description: row.description,
    settings: row.settings,
    status_reason: row.status_reason,
    provisioning_run_id: row.provisioning_run_id,
    updated_at: row.updated_at.toISOString(),
    permissions: [...permissions] as Workspace['permissions'],
  }
}

/** What an audit event keeps of a workspace. */
export function workspaceSnapshot(row: WorkspaceRow): Record<string, unknown> {
  return { name: row.name, slug: row.slug, description: row.description, settings: withoutSecrets(row.settings), status: row.status }
}
