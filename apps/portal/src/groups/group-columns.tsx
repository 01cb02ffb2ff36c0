import type { Account, Group } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { accountRefusal } from '../account/account-frame.tsx'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { type Column, rowLinkClass } from '../ui/data-list.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

type OnAct = (kind: 'edit' | 'delete', group: Group) => void

export function groupColumns(account: Account, onAct: OnAct): Column<Group>[] {
  const refusal = accountRefusal(account)
  return [
    {
      header: 'Name',
      width: 'minmax(180px,1.8fr)',
      narrow: 'title',
      cell: ({ id, name, description }) => (
        <span className="block min-w-0">
          <Link
            to="/accounts/$accountId/groups/$groupId"
            params={{ accountId: account.id, groupId: id }}
            className={`max-w-full break-words ${rowLinkClass}`}
          >
            {name}
          </Link>
          {description && <span className="block text-xs break-words text-fg-3">{description}</span>}
        </span>
      ),
    },
    { header: 'Members', width: '96px', narrow: 'line', cell: ({ members }) => plural(members, 'person', 'people') },
    { header: 'Claim value', width: 'minmax(110px,1fr)', narrow: 'line', cell: ({ claim_value }) => <ClaimValue value={claim_value} /> },
    { header: 'Created', width: '100px', narrow: 'hidden', cell: ({ created_at }) => <TimeAgo at={created_at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '132px',
      narrow: 'aside',
      // Above the link that covers the row.
      cell: (group) => (
        <span className="relative z-1 flex justify-end gap-1">
          <Button size="sm" variant="ghost" aria-label={`Edit ${group.name}`} reason={refusal} onClick={() => onAct('edit', group)}>
            Edit
          </Button>
          <Button size="sm" variant="ghost" aria-label={`Delete ${group.name}`} reason={refusal} onClick={() => onAct('delete', group)}>
            Delete
          </Button>
        </span>
      ),
    },
  ]
}

export const ClaimValue = ({ value }: { value: string | null }) =>
  value ? <code className="font-mono text-xs break-all">{value}</code> : <span className="text-fg-3">None</span>
