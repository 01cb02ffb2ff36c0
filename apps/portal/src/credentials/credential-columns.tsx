import type { Credential, CredentialTypeDescription, Workspace } from '@freehold/contract'
import { Ellipsis, Pencil, Star, Trash2 } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { Tag } from '../ui/status.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { CheckResult } from './check-result.tsx'

export type CredentialAction = 'edit' | 'default' | 'delete'

type CredentialColumns = {
  workspace: Workspace
  types: readonly CredentialTypeDescription[]
  /** Those that are being checked now. */
  checking: ReadonlySet<string>
  onCheck: (credential: Credential) => void
  onAct: (action: CredentialAction, credential: Credential) => void
}

export function credentialColumns({ workspace, types, checking, onCheck, onAct }: CredentialColumns): Column<Credential>[] {
  const refusal = refusalOf(workspace, 'manage_secrets')
  return [
    {
      header: 'Name',
      width: 'minmax(140px,1.4fr)',
      narrow: 'title',
      cell: ({ name, is_default, environment, fields }) => (
        <span className="block min-w-0">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="min-w-0 font-medium break-words">{name}</span>
            {is_default && <Tag tone="accent">Default</Tag>}
            {environment && <Tag>{environment} only</Tag>}
          </span>
          <Address fields={fields} />
        </span>
      ),
    },
    {
      header: 'Type',
      width: 'minmax(84px,0.7fr)',
      narrow: 'line',
      cell: ({ type }) => types.find((known) => known.type === type)?.label ?? type,
    },
    { header: 'Secret', width: 'minmax(110px,1fr)', narrow: 'line', cell: (credential) => <Masks credential={credential} /> },
    {
      header: 'Last check',
      width: 'minmax(160px,1.8fr)',
      narrow: 'line',
      cell: ({ id, last_check }) => <CheckResult check={last_check} busy={checking.has(id)} />,
    },
    {
      header: 'Actions',
      headerHidden: true,
      width: '100px',
      narrow: 'aside',
      cell: (credential) => (
        <span className="flex justify-end gap-1">
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Check ${credential.name}`}
            reason={refusal ?? (credential.needs_secret ? 'Its secret is missing. Edit it and enter the secret.' : undefined)}
            loading={checking.has(credential.id)}
            onClick={() => onCheck(credential)}
          >
            Check
          </Button>
          <Menu
            className="w-64"
            trigger={
              <Button size="sm" variant="ghost" square aria-label={`More for ${credential.name}`}>
                <Ellipsis aria-hidden className="size-4" />
              </Button>
            }
          >
            <MenuItem icon={<Pencil aria-hidden />} reason={refusal} onSelect={() => onAct('edit', credential)}>
              Edit…
            </MenuItem>
            <MenuItem
              icon={<Star aria-hidden />}
              reason={refusal ?? (credential.is_default ? 'It is the default of its type.' : undefined)}
              onSelect={() => onAct('default', credential)}
            >
              Make default…
            </MenuItem>
            <MenuSeparator />
            <MenuItem icon={<Trash2 aria-hidden />} danger reason={refusal} onSelect={() => onAct('delete', credential)}>
              Delete…
            </MenuItem>
          </Menu>
        </span>
      ),
    },
  ]
}

/** Where it leads, of the fields that can say so. */
function Address({ fields }: Pick<Credential, 'fields'>) {
  const host = fields['host'] === undefined ? undefined : [fields['host'], fields['port']].filter(Boolean).join(':')
  const address = fields['base_url'] ?? fields['endpoint'] ?? host
  if (address === undefined) return null
  return <span className="block text-xs break-all text-fg-3">{String(address)}</span>
}

function Masks({ credential: { secrets, needs_secret } }: { credential: Credential }) {
  const held = Object.values(secrets).filter((mask) => mask !== null)
  return (
    <>
      {held.map((mask) => (
        <span key={mask} className="block truncate font-mono text-xs @max-[46rem]:inline">
          {mask}
        </span>
      ))}
      {needs_secret ? <Tag tone="warn">Missing</Tag> : held.length === 0 && <span className="text-fg-3">None needed</span>}
    </>
  )
}
