import type { Member } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { RoleTag } from '../access/role.tsx'
import { membersQuery } from '../api/sharing.ts'
import { buttonClass } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterInput } from '../ui/filter-input.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { Person } from '../ui/person.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'

// The address says which page and which filter; the page asks.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/members')

const columns: Column<Member>[] = [
  {
    header: 'Name',
    width: 'minmax(180px,1.6fr)',
    narrow: 'title',
    cell: ({ label, email }) => <Person name={label} note={email} />,
  },
  { header: 'Role', width: '84px', narrow: 'aside', cell: ({ role }) => <RoleTag role={role} /> },
  { header: 'Through', width: 'minmax(160px,1.4fr)', narrow: 'line', cell: ({ through }) => through.map(describeThrough).join(', ') },
  {
    header: 'Last active here',
    width: '120px',
    narrow: 'line',
    cell: ({ last_active_at }) => (last_active_at ? <TimeAgo at={last_active_at} /> : 'Never'),
  },
]

const describeThrough = ({ kind, label }: Member['through'][number]) =>
  kind === 'direct' ? 'a grant of their own' : kind === 'group' ? `group ${label}` : `account ${label}`

export default function MembersPage() {
  const workspace = useWorkspace()
  const { q, cursor } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery({ ...membersQuery(workspace.id, { q, cursor }), placeholderData: keepPreviousData })
  const share = (
    <Link
      to="/workspaces/$workspaceId/settings/sharing"
      params={{ workspaceId: workspace.id }}
      className={buttonClass({ variant: 'secondary' })}
    >
      Change sharing
    </Link>
  )
  return (
    <Page title="Members" lead="Everybody who has access, by which role and through what." actions={share}>
      <div role="search" className="mt-6 flex flex-wrap items-center gap-2">
        <FilterInput
          label="Filter members"
          placeholder="Filter by name or email"
          value={q ?? ''}
          onChange={(text) => void navigate({ search: text ? { q: text } : {}, replace: true })}
        />
      </div>
      <Loaded query={query} what="members" skeleton={<SkeletonRows count={5} className="h-[54px]" />}>
        {(page) =>
          page.items.length > 0 ? (
            <PagedList
              tall
              label="Members"
              page={page}
              columns={columns}
              keyOf={({ subject_id }) => subject_id}
              busy={query.isPlaceholderData}
              cursor={cursor}
              onGo={(to) => void navigate({ search: (before) => ({ ...before, cursor: to }) })}
            />
          ) : (
            <div className="mt-4 rounded-lg ring-1 ring-line">
              <Empty icon={<Search />} title="Nobody matches" body="Try another part of a name or email." />
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}
