import type { Account } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Plus, SquareStack } from 'lucide-react'
import { AccountFrame } from '../account/account-frame.tsx'
import { accountAuditQuery } from '../api/audit.ts'
import { accountQuery, accountWorkspacesQuery } from '../api/accounts.ts'
import { queryClient } from '../api/query-client.ts'
import { ActivityFeed } from '../audit/activity-feed.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Pager } from '../ui/pager.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { createRefusal } from '../workspace/create-refusal.ts'
import { WorkspaceList } from '../workspace/workspace-list.tsx'

type LoaderArgs = { params: { accountId: string }; deps: { cursor?: string | undefined } }

export function loader({ params: { accountId }, deps: { cursor } }: LoaderArgs): void {
  void queryClient.prefetchQuery(accountQuery(accountId))
  void queryClient.prefetchQuery(accountWorkspacesQuery(accountId, cursor))
  void queryClient.prefetchQuery(accountAuditQuery(accountId))
}

const route = getRouteApi('/shell/accounts/$accountId')

export default function AccountPage() {
  return <AccountFrame Actions={CreateWorkspace} Body={Overview} />
}

function CreateWorkspace({ account }: { account: Account }) {
  const refusal = createRefusal([account])
  const label = (
    <>
      <Plus aria-hidden className="size-4" />
      Create workspace
    </>
  )
  return refusal ? (
    <Button variant="primary" reason={refusal}>
      {label}
    </Button>
  ) : (
    <Link data-create to="/workspaces" search={{ new: true, account: account.id }} className={buttonClass({ variant: 'primary' })}>
      {label}
    </Link>
  )
}

function Overview({ account }: { account: Account }) {
  const { cursor } = route.useSearch()
  const navigate = route.useNavigate()
  const workspaces = useQuery({ ...accountWorkspacesQuery(account.id, cursor), placeholderData: keepPreviousData })
  const audit = useQuery(accountAuditQuery(account.id))
  return (
    <div className="mt-6 grid gap-5">
      <section aria-labelledby="account-workspaces" className="min-w-0">
        <h2 id="account-workspaces" className="text-sm font-semibold">
          Workspaces
        </h2>
        <Loaded query={workspaces} what="workspaces" skeleton={<SkeletonRows count={4} />}>
          {({ items, next }) =>
            items.length > 0 ? (
              <>
                <WorkspaceList rows={items} busy={workspaces.isPlaceholderData} />
                <Pager
                  shown={items.length}
                  next={next}
                  cursor={cursor}
                  onGo={(to) => void navigate({ search: to ? { cursor: to } : {} })}
                />
              </>
            ) : (
              <div className="mt-3 rounded-lg ring-1 ring-line">
                <Empty
                  level="h3"
                  icon={<SquareStack />}
                  title="No workspace that you may read"
                  body="Workspaces of this account that are shared with you appear here."
                />
              </div>
            )
          }
        </Loaded>
      </section>
      <Card title="Recent activity">
        <ActivityFeed query={audit} limit={25} />
      </Card>
    </div>
  )
}
