import type { WorkspaceSummary } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { liveRunQuery } from '../api/workspaces.ts'
import { type Column, DataList, rowLinkClass } from '../ui/data-list.tsx'
import { Status, Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { AccountName } from './account-name.tsx'

const columns: Column<WorkspaceSummary>[] = [
  {
    header: 'Name',
    width: 'minmax(150px,1.8fr)',
    narrow: 'title',
    cell: ({ id, name, slug }) => (
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <Link to="/workspaces/$workspaceId" params={{ workspaceId: id }} className={`max-w-full truncate ${rowLinkClass}`}>
          {name}
        </Link>
        <span className="truncate font-mono text-xs text-fg-3">{slug}</span>
      </span>
    ),
  },
  { header: 'Account', width: 'minmax(96px,1fr)', narrow: 'line', cell: ({ account_id }) => <AccountName accountId={account_id} /> },
  {
    header: 'Tenancy model',
    width: 'minmax(96px,.7fr)',
    narrow: 'hidden',
    cell: ({ tenancy_model }) => (tenancy_model === 'dedicated' ? <Tag>Dedicated</Tag> : <span className="text-fg-2">Shared</span>),
  },
  {
    header: 'Status',
    width: 'minmax(140px,.9fr)',
    narrow: 'aside',
    cell: (workspace) => (
      <span className="flex items-center gap-2">
        <Status value={workspace.status} />
        {workspace.status === 'provisioning' && <Progress workspaceId={workspace.id} />}
      </span>
    ),
  },
  {
    header: 'Region',
    width: 'minmax(88px,.7fr)',
    narrow: 'line',
    cell: ({ region }) => <span className="font-mono text-xs">{region}</span>,
  },
  { header: 'Created', width: '92px', narrow: 'line', cell: ({ created_at }) => <TimeAgo at={created_at} /> },
]

/** How far the run is, once the live stream has told; until then a bar without a value. */
function Progress({ workspaceId }: { workspaceId: string }) {
  const { data: run } = useQuery(liveRunQuery(workspaceId))
  const done = run?.steps.filter(({ status }) => status === 'succeeded').length
  const share = run && done !== undefined ? done / Math.max(1, run.steps.length) : undefined
  return (
    <span
      role="progressbar"
      aria-label="Provisioning"
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share !== undefined && { 'aria-valuenow': Math.round(share * 100) })}
      className="h-1 w-9 overflow-hidden rounded-full bg-press"
    >
      <span className="block h-full rounded-full bg-accent transition-[width]" style={{ width: `${(share ?? 0.15) * 100}%` }} />
    </span>
  )
}

export function WorkspaceList({ rows, busy = false }: { rows: readonly WorkspaceSummary[]; busy?: boolean }) {
  return <DataList label="Workspaces" rows={rows} columns={columns} keyOf={({ id }) => id} busy={busy} />
}
