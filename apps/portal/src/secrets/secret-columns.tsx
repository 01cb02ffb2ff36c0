import type { Environment, ListedSecret, Workspace } from '@freehold/contract'
import { Ellipsis, History, Layers, Pencil, Trash2 } from 'lucide-react'
import type { SecretPlaces } from '../api/secrets.ts'
import { Button } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { categoryLabel } from './categories.ts'
import { overrideNote, placeName } from './places.ts'
import { Rotation } from './rotation.tsx'

export type SecretAction = 'reveal' | 'edit' | 'override' | 'versions' | 'delete'

type SecretColumns = {
  workspace: Workspace
  environments: readonly Environment[]
  /** The environment that is looked at; undefined for what all share. */
  shownEnvironment: string | undefined
  places: SecretPlaces | undefined
  names: ReadonlyMap<string, string> | undefined
  onAct: (action: SecretAction, secret: ListedSecret) => void
}

export function secretColumns({ workspace, environments, shownEnvironment, places, names, onAct }: SecretColumns): Column<ListedSecret>[] {
  return [
    {
      header: 'Key',
      width: 'minmax(150px,2fr)',
      narrow: 'title',
      cell: ({ key, managed, description, category }) => (
        <span className="block min-w-0">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="min-w-0 font-mono text-sm font-medium break-all">{key}</span>
            {managed && <Tag tone="accent">Managed</Tag>}
          </span>
          <span className="block text-xs break-words text-fg-3">
            {categoryLabel(category)}
            {description && <> · {description}</>}
          </span>
        </span>
      ),
    },
    {
      header: 'Applies to',
      width: 'minmax(100px,1fr)',
      narrow: 'line',
      cell: (secret) => {
        const note = overrideNote(secret, places, environments)
        return (
          <>
            {secret.environment === null ? (
              <Tag>{shownEnvironment ? 'Shared' : 'All environments'}</Tag>
            ) : (
              <Tag tone="accent">{placeName(secret.environment, environments)} only</Tag>
            )}
            {note && <span className="block text-xs text-fg-3 @max-[46rem]:ms-1 @max-[46rem]:inline">{note}</span>}
          </>
        )
      },
    },
    {
      header: 'Updated',
      width: '104px',
      narrow: 'line',
      cell: ({ version, updated_at, updated_by, previous }) => (
        <>
          <span className="block @max-[46rem]:inline">
            <span className="text-fg">v{version}</span> · <TimeAgo at={updated_at} />
          </span>
          <By name={names?.get(updated_by ?? '')} />
          {previous && (
            <span className="block text-xs text-warn @max-[46rem]:ms-1 @max-[46rem]:inline">
              v{previous.version} valid {previous.valid_until ? <>to {<TimeAgo at={previous.valid_until} />}</> : 'until first use'}
            </span>
          )}
        </>
      ),
    },
    {
      header: 'Last read',
      width: '92px',
      narrow: 'line',
      cell: ({ last_read_at, last_read_by }) =>
        last_read_at ? (
          <>
            <TimeAgo at={last_read_at} />
            <By name={last_read_by?.label} />
          </>
        ) : (
          <span className="text-fg-3">Never</span>
        ),
    },
    { header: 'Rotation', width: '92px', narrow: 'line', cell: ({ rotation_due_at }) => <Rotation dueAt={rotation_due_at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '100px',
      narrow: 'aside',
      cell: (secret) => (
        <span className="flex justify-end gap-1">
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Reveal ${secret.key}`}
            reason={revealRefusal(workspace)}
            onClick={() => onAct('reveal', secret)}
          >
            Reveal
          </Button>
          <MoreMenu workspace={workspace} secret={secret} shownEnvironment={shownEnvironment} onAct={onAct} />
        </span>
      ),
    },
  ]
}

function By({ name }: { name: string | undefined }) {
  if (!name) return null
  return (
    <span className="block truncate text-xs text-fg-3 @max-[46rem]:inline" title={name}>
      {' '}
      by {name}
    </span>
  )
}

type MoreMenuProps = Pick<SecretColumns, 'workspace' | 'shownEnvironment' | 'onAct'> & { secret: ListedSecret }

function MoreMenu({ workspace, secret, shownEnvironment, onAct }: MoreMenuProps) {
  const refusal = changeRefusal(workspace, secret)
  return (
    <Menu
      className="w-64"
      trigger={
        <Button size="sm" variant="ghost" square aria-label={`More for ${secret.key}`}>
          <Ellipsis aria-hidden className="size-4" />
        </Button>
      }
    >
      <MenuItem icon={<Pencil aria-hidden />} reason={refusal} onSelect={() => onAct('edit', secret)}>
        Edit…
      </MenuItem>
      {shownEnvironment && secret.environment === null && (
        <MenuItem icon={<Layers aria-hidden />} reason={refusalOf(workspace, 'manage_secrets')} onSelect={() => onAct('override', secret)}>
          Override here…
        </MenuItem>
      )}
      <MenuItem icon={<History aria-hidden />} onSelect={() => onAct('versions', secret)}>
        Versions…
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 aria-hidden />} danger reason={refusal} onSelect={() => onAct('delete', secret)}>
        Delete…
      </MenuItem>
    </Menu>
  )
}

/** Reading goes on while the workspace is frozen: only changes stop. */
export const revealRefusal = (workspace: Workspace): string | undefined => refusalOf(workspace, 'reveal', { whileFrozen: true })

export function changeRefusal(workspace: Workspace, { managed }: Pick<ListedSecret, 'managed'>): string | undefined {
  return refusalOf(workspace, 'manage_secrets') ?? (managed ? 'The platform has set this secret, and it alone changes it.' : undefined)
}
