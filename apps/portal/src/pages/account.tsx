import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Plus, SquareStack } from 'lucide-react'
import { accountAuditQuery } from '../api/audit.ts'
import { accountQuery, accountWorkspacesQuery } from '../api/accounts.ts'
import { queryClient } from '../api/query-client.ts'
import { ActivityFeed } from '../audit/activity-feed.tsx'
import { QueryFault } from '../layout/fault-pages.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Skeleton, SkeletonRows } from '../ui/skeleton.tsx'
import { createRefusal } from '../workspace/create-refusal.ts'
import { WorkspaceList } from '../workspace/workspace-list.tsx'

export function loader({
  params: { accountId },
  deps: { cursor },
}: {
  params: { accountId: string }
  deps: { cursor?: string | undefined }
}): void {
  void queryClient.prefetchQuery(accountQuery(accountId))
  void queryClient.prefetchQuery(accountWorkspacesQuery(accountId, cursor))
  void queryClient.prefetchQuery(accountAuditQuery(accountId))
}

const route = getRouteApi('/shell/accounts/$accountId')

export default function AccountPage() {
  const { accountId } = route.useParams()
  const { cursor } = route.useSearch()
  const navigate = route.useNavigate()
  const account = useQuery(accountQuery(accountId))
  const workspaces = useQuery({ ...accountWorkspacesQuery(accountId, cursor), placeholderData: keepPreviousData })
  const audit = useQuery(accountAuditQuery(accountId))
  if (account.error && !account.data) return <QueryFault error={account.error} onRetry={() => void account.refetch()} />
  if (!account.data) {
    return (
      <div role="status" aria-label="Loading the account" className="mx-auto w-full max-w-[1180px] px-4 pt-8 md:px-8">
        <Skeleton className="h-7 w-48" />
      </div>
    )
  }
  const refusal = createRefusal([account.data])
  const create = refusal ? (
    <Button variant="primary" reason={refusal}>
      <Plus aria-hidden className="size-4" />
      Create workspace
    </Button>
  ) : (
    <Link data-create to="/workspaces" search={{ new: true, account: accountId }} className={buttonClass({ variant: 'primary' })}>
      <Plus aria-hidden className="size-4" />
      Create workspace
    </Link>
  )
  return (
    <Page
      title={account.data.name}
      lead={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          Account
          <CopyButton value={account.data.slug} text={account.data.slug} label="Copy slug" />
          <CopyButton value={account.data.id} text={account.data.id} label="Copy account ID" />
        </span>
      }
      actions={create}
    >
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
                    next={next ?? undefined}
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
    </Page>
  )
}
