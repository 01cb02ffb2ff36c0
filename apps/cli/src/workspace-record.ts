import type { Workspace } from '@freehold/contract'
import { type Field, type Output, shownTime } from './framework/output.ts'

/** A workspace for people, field by field. */
export function showWorkspace(out: Output, workspace: Workspace): void {
  out.record(() => toFields(workspace), workspace)
}

function toFields(workspace: Workspace): Field[] {
  return [
    ['Name', workspace.name],
    ['Slug', workspace.slug],
    ['Id', workspace.id],
    ['Status', workspace.status],
    ...(workspace.status_reason === null ? [] : [['Reason', workspace.status_reason] as const]),
    ['Account', workspace.account_id],
    ['Region', workspace.region],
    ['Tenancy', workspace.tenancy_model],
    ['Description', workspace.description || null],
    ['Settings', JSON.stringify(workspace.settings)],
    ['Run', workspace.provisioning_run_id],
    ['Created', shownTime(workspace.created_at)],
    ['Updated', shownTime(workspace.updated_at)],
    ['You may', workspace.permissions.join(', ')],
  ]
}
