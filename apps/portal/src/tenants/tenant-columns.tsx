import type { Tenant, Workspace } from '@freehold/contract'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Status } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { refusalOf } from '../workspace/refusals.ts'

export type TenantAction = 'disable' | 'enable' | 'delete'

export function tenantColumns(workspace: Workspace, onAct: (action: TenantAction, tenant: Tenant) => void): Column<Tenant>[] {
  const refusal = refusalOf(workspace, 'administer')
  return [
    {
      header: 'Tenant',
      width: 'minmax(180px,2fr)',
      narrow: 'title',
      cell: ({ name, key }) => (
        <span className="block min-w-0">
          <span className="block font-medium break-words">{name}</span>
          <CopyButton value={key} text={key} label="Copy tenant key" />
        </span>
      ),
    },
    { header: 'Status', width: '92px', narrow: 'line', cell: ({ status }) => <Status value={status} /> },
    { header: 'First named', width: '104px', narrow: 'line', cell: ({ created_at }) => <TimeAgo at={created_at} /> },
    {
      header: 'Changed',
      width: '104px',
      narrow: 'hidden',
      cell: ({ updated_at }) => (
        <span className="text-fg-2">
          <TimeAgo at={updated_at} />
        </span>
      ),
    },
    {
      header: 'Actions',
      headerHidden: true,
      width: '144px',
      narrow: 'aside',
      cell: (tenant) => (
        <span className="flex justify-end gap-1">
          <Button
            size="sm"
            variant="ghost"
            aria-label={`${tenant.status === 'active' ? 'Disable' : 'Enable'} ${tenant.name}`}
            reason={refusal}
            onClick={() => onAct(tenant.status === 'active' ? 'disable' : 'enable', tenant)}
          >
            {tenant.status === 'active' ? 'Disable' : 'Enable'}
          </Button>
          <Button size="sm" variant="ghost" aria-label={`Delete ${tenant.name}`} reason={refusal} onClick={() => onAct('delete', tenant)}>
            Delete
          </Button>
        </span>
      ),
    },
  ]
}
