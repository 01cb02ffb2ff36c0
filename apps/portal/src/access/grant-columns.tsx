import type { Grant, Workspace } from '@freehold/contract'
import { Expiry } from '../keys/expiry.tsx'
import { Button } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Person } from '../ui/person.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { RoleTag } from './role.tsx'

type OnAct = (kind: 'change' | 'revoke', grant: Grant) => void

export function grantColumns(workspace: Workspace, onAct: OnAct): Column<Grant>[] {
  const ownersOnly = workspace.permissions.includes('transfer') ? undefined : 'Only an owner changes an owner.'
  return [
    {
      header: 'Shared with',
      width: 'minmax(170px,1.6fr)',
      narrow: 'title',
      cell: ({ subject_type, label }) => (
        <Person name={label} note={subject_type === 'group' ? 'Group' : 'Person'} group={subject_type === 'group'} />
      ),
    },
    { header: 'Role', width: '84px', narrow: 'line', cell: ({ role }) => <RoleTag role={role} /> },
    { header: 'Granted', width: '110px', narrow: 'hidden', cell: ({ created_at }) => <TimeAgo at={created_at} /> },
    { header: 'Ends', width: '110px', narrow: 'line', cell: ({ expires_at }) => <Expiry at={expires_at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '156px',
      narrow: 'aside',
      cell: (grant) => {
        const byOwner = grant.role === 'owner' ? ownersOnly : undefined
        return (
          <span className="flex justify-end gap-1">
            <Button
              size="sm"
              variant="ghost"
              aria-label={`Change ${grant.label}`}
              reason={byOwner ?? refusalOf(workspace, 'manage_members')}
              onClick={() => onAct('change', grant)}
            >
              Change
            </Button>
            <Button
              size="sm"
              variant="ghost"
              aria-label={`Remove ${grant.label}`}
              reason={byOwner ?? refusalOf(workspace, 'manage_members', { whileFrozen: true })}
              onClick={() => onAct('revoke', grant)}
            >
              Remove
            </Button>
          </span>
        )
      },
    },
  ]
}
