import type { Account, AccountMember } from '@freehold/contract'
import { RoleTag } from '../access/role.tsx'
import { Button } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Person } from '../ui/person.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { accountRefusal } from './account-frame.tsx'

type OnAct = (kind: 'change' | 'remove', member: AccountMember) => void

export function memberColumns(account: Account, onAct: OnAct): Column<AccountMember>[] {
  const refusal = accountRefusal(account)
  const ownersOnly = account.permissions.includes('transfer') ? undefined : 'Only an owner changes an owner.'
  return [
    {
      header: 'Name',
      width: 'minmax(180px,1.8fr)',
      narrow: 'title',
      cell: ({ label, email }) => <Person name={label} note={email} />,
    },
    { header: 'Role', width: '96px', narrow: 'line', cell: ({ role }) => <RoleTag role={role} /> },
    { header: 'Since', width: '110px', narrow: 'line', cell: ({ created_at }) => <TimeAgo at={created_at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '184px',
      narrow: 'aside',
      cell: (member) => {
        const reason = refusal ?? (member.role === 'owner' ? ownersOnly : undefined)
        return (
          <span className="flex justify-end gap-1">
            <Button
              size="sm"
              variant="ghost"
              aria-label={`Change the role of ${member.label}`}
              reason={reason}
              onClick={() => onAct('change', member)}
            >
              Change
            </Button>
            <Button size="sm" variant="ghost" aria-label={`Remove ${member.label}`} reason={reason} onClick={() => onAct('remove', member)}>
              Remove
            </Button>
          </span>
        )
      },
    },
  ]
}
