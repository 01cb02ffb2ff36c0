import type { CollectionSummary, Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { type Column, rowLinkClass } from '../ui/data-list.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { refusalOf } from '../workspace/refusals.ts'

export function collectionColumns(workspace: Workspace, onDrop: (collection: CollectionSummary) => void): Column<CollectionSummary>[] {
  const refusal = refusalOf(workspace, 'ddl')
  return [
    {
      header: 'Name',
      width: 'minmax(180px,2fr)',
      narrow: 'title',
      cell: ({ name, description }) => (
        <span className="block min-w-0">
          <Link
            to="/workspaces/$workspaceId/vault/$collection"
            params={{ workspaceId: workspace.id, collection: name }}
            className={`${rowLinkClass} max-w-full font-mono text-sm break-all`}
          >
            {name}
          </Link>
          {description && <span className="block truncate text-xs text-fg-3">{description}</span>}
        </span>
      ),
    },
    {
      header: 'Records',
      width: '90px',
      narrow: 'line',
      cell: ({ record_count: records }) => <span className="tnum">{records.toLocaleString()}</span>,
    },
    { header: 'Indexes', width: 'minmax(120px,1fr)', narrow: 'line', cell: ({ indexes }) => <Indexes indexes={indexes} /> },
    {
      header: 'Sensitive',
      width: 'minmax(100px,1fr)',
      narrow: 'line',
      cell: ({ sensitive_fields: fields }) =>
        fields.length > 0 ? (
          <span className="block truncate font-mono text-xs @max-[46rem]:inline" title={fields.join(', ')}>
            {fields.join(', ')}
          </span>
        ) : (
          <span className="text-fg-3">None</span>
        ),
    },
    { header: 'Updated', width: '110px', narrow: 'line', cell: ({ updated_at: at }) => <TimeAgo at={at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '40px',
      narrow: 'aside',
      cell: (collection) => (
        <span className="relative z-10 flex justify-end">
          <Button
            size="sm"
            variant="ghost"
            square
            aria-label={`Drop ${collection.name}`}
            reason={refusal}
            onClick={() => onDrop(collection)}
          >
            <Trash2 aria-hidden className="size-4" />
          </Button>
        </span>
      ),
    },
  ]
}

function Indexes({ indexes }: { indexes: CollectionSummary['indexes'] }) {
  const building = indexes.filter(({ state }) => state === 'building').length
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <span className="tnum">{indexes.length}</span>
      {building > 0 && <Tag tone="warn">{building} building</Tag>}
    </span>
  )
}
