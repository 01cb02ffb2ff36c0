import type { Collection, VaultRecord, Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, Ellipsis, Eye, Pencil, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { VaultSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { type Column, rowLinkClass } from '../ui/data-list.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import type { VaultField } from './fields.ts'
import { vaultMask } from './mask.ts'

export type RecordAction = 'edit' | 'reveal' | 'delete'

type RecordColumns = {
  workspace: Workspace
  collection: Collection
  fields: readonly VaultField[]
  /** What the URL says but for dialogs, which a row's link keeps. */
  place: VaultSearch
  onSort: (sort: string | undefined) => void
  onAct: (action: RecordAction, record: VaultRecord) => void
}

const mostColumns = 5
// The API answers any query over so many records; beyond that it needs an index.
const smallCollection = 10_000

/** Those that fit beside each other: what can be compared first, as that is short. */
export function shownFields(fields: readonly VaultField[]): VaultField[] {
  const chosen = new Set([...fields.filter(({ scalar }) => scalar !== null), ...fields].slice(0, mostColumns))
  return fields.filter((field) => chosen.has(field))
}

/** Whether a sort by this field alone can be served. */
export function canSortBy({ scalar, sensitive, path }: VaultField, { record_count, indexes }: Collection): boolean {
  if (scalar === null || sensitive) return false
  return (
    record_count <= smallCollection || indexes.some(({ fields, state }) => state === 'ready' && fields.some(({ field }) => field === path))
  )
}

export function recordColumns({ workspace, collection, fields, place, onSort, onAct }: RecordColumns): Column<VaultRecord>[] {
  const shown = shownFields(fields)
  const params = { workspaceId: workspace.id, collection: collection.name }
  const linkTo = (record: VaultRecord, text: ReactNode) => (
    <Link
      to="/workspaces/$workspaceId/vault/$collection"
      params={params}
      search={{ ...place, action: 'edit', id: record.id }}
      className={`${rowLinkClass} max-w-full truncate align-bottom`}
    >
      {text}
    </Link>
  )
  const columns = shown.map((field, index): Column<VaultRecord> => {
    const direction = place.sort === field.path ? 'ascending' : place.sort === `-${field.path}` ? 'descending' : undefined
    return {
      header: field.title,
      width: index === 0 ? 'minmax(140px,1.6fr)' : 'minmax(80px,1fr)',
      narrow: index === 0 ? 'title' : 'line',
      sorted: direction,
      ...(canSortBy(field, collection) && {
        headerButton: (
          <button
            type="button"
            onClick={() => onSort(direction === undefined ? field.path : direction === 'ascending' ? `-${field.path}` : undefined)}
            className="-mx-1 inline-flex max-w-full items-center gap-1 rounded-xs px-1 py-1 hover:bg-hover hover:text-fg"
          >
            <span className="truncate">{field.title}</span>
            {direction === 'ascending' && <ArrowUp aria-hidden className="size-3 shrink-0" />}
            {direction === 'descending' && <ArrowDown aria-hidden className="size-3 shrink-0" />}
          </button>
        ),
      }),
      cell: (record) => {
        const value = <Value value={record.data[field.names[0] ?? '']} />
        return index === 0 ? linkTo(record, value) : <span className="block truncate @max-[46rem]:inline">{value}</span>
      },
    }
  })
  if (columns.length === 0) {
    columns.push({
      header: 'Record',
      width: 'minmax(140px,2fr)',
      narrow: 'title',
      cell: (record) => linkTo(record, <Value value={record.data} />),
    })
  }
  return [
    ...columns,
    { header: 'Updated', width: '104px', narrow: 'line', cell: ({ updated_at: at }) => <TimeAgo at={at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '40px',
      narrow: 'aside',
      cell: (record) => <RecordMenu workspace={workspace} collection={collection} record={record} onAct={onAct} />,
    },
  ]
}

/** A value on one line. What is masked is read out as such. */
export function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null || value === '') return <span className="text-fg-3">—</span>
  if (value === vaultMask) {
    return (
      <span className="text-fg-3">
        <span aria-hidden>{vaultMask}</span>
        <span className="sr-only">masked</span>
      </span>
    )
  }
  if (typeof value === 'number') return <span className="tnum">{String(value)}</span>
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  const text = JSON.stringify(value)
  return (
    <span className="font-mono text-xs" title={text.slice(0, 500)}>
      {text.slice(0, 200)}
    </span>
  )
}

type RecordMenuProps = Pick<RecordColumns, 'workspace' | 'collection' | 'onAct'> & { record: VaultRecord }

function RecordMenu({ workspace, collection, record, onAct }: RecordMenuProps) {
  const refusal = refusalOf(workspace, 'write')
  return (
    <span className="relative z-10 flex justify-end">
      <Menu
        className="w-60"
        trigger={
          <Button size="sm" variant="ghost" square aria-label={`More for record ${record.id}`}>
            <Ellipsis aria-hidden className="size-4" />
          </Button>
        }
      >
        <MenuItem icon={<Pencil aria-hidden />} onSelect={() => onAct('edit', record)}>
          {refusal ? 'Open…' : 'Edit…'}
        </MenuItem>
        {collection.sensitive_fields.length > 0 && (
          <MenuItem
            icon={<Eye aria-hidden />}
            reason={refusalOf(workspace, 'reveal', { whileFrozen: true })}
            onSelect={() => onAct('reveal', record)}
          >
            Reveal…
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem icon={<Trash2 aria-hidden />} danger reason={refusal} onSelect={() => onAct('delete', record)}>
          Delete…
        </MenuItem>
      </Menu>
    </span>
  )
}
