import type { Account, GroupMember } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { accountRefusal } from '../account/account-frame.tsx'
import { Button } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Person } from '../ui/person.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

export function groupMemberColumns(account: Account, onRemove: (member: GroupMember) => void): Column<GroupMember>[] {
  return [
    {
      header: 'Name',
      width: 'minmax(180px,1.8fr)',
      narrow: 'title',
      cell: (member) =>
        member.subject_type === 'user' ? (
          <Person name={member.label} note={member.email} />
        ) : (
          <Link
            to="/accounts/$accountId/groups/$groupId"
            params={{ accountId: account.id, groupId: member.subject_id }}
            className="block rounded-sm hover:underline"
          >
            <Person group name={member.label} note="Group" />
          </Link>
        ),
    },
    {
      header: 'Put there',
      width: '120px',
      narrow: 'line',
      cell: ({ source }) => (source === 'claim' ? <Tag tone="accent">By claim</Tag> : 'By hand'),
    },
    { header: 'Since', width: '110px', narrow: 'line', cell: ({ created_at }) => <TimeAgo at={created_at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '92px',
      narrow: 'aside',
      cell: (member) => (
        <span className="flex justify-end">
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Remove ${member.label}`}
            reason={accountRefusal(account)}
            onClick={() => onRemove(member)}
          >
            Remove
          </Button>
        </span>
      ),
    },
  ]
}
