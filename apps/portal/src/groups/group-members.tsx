import type { Account, GroupMember } from '@freehold/contract'
import type { UseQueryResult } from '@tanstack/react-query'
import { UserRoundPlus } from 'lucide-react'
import { PagedList } from '../ui/paged-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { groupMemberColumns } from './group-member-columns.tsx'

type GroupMembersProps = {
  account: Account
  query: UseQueryResult<{ items: readonly GroupMember[]; next: string | null }>
  cursor: string | undefined
  onRemove: (member: GroupMember) => void
  onGo: (cursor: string | undefined) => void
}

/** Who is in a group: people, and groups inside it. */
export function GroupMembers({ account, query, cursor, onRemove, onGo }: GroupMembersProps) {
  return (
    <Loaded query={query} what="the members" skeleton={<SkeletonRows count={4} className="h-[54px]" />}>
      {(page) =>
        page.items.length > 0 ? (
          <PagedList
            tall
            label="Members"
            page={page}
            columns={groupMemberColumns(account, onRemove)}
            keyOf={({ subject_id }) => subject_id}
            busy={query.isPlaceholderData}
            cursor={cursor}
            onGo={onGo}
          />
        ) : (
          <div className="mt-4 rounded-lg ring-1 ring-line">
            <Empty
              level="h3"
              icon={<UserRoundPlus />}
              title="Nobody is in it yet"
              body="Add people of the account, or other groups. What is shared with the group reaches them at once."
            />
          </div>
        )
      }
    </Loaded>
  )
}
