import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Plus, Search, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { accountsQuery } from '../api/accounts.ts'
import { queryClient } from '../api/query-client.ts'
import { regionsQuery, type WorkspaceFilters, workspacesQuery } from '../api/workspaces.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterInput } from '../ui/filter-input.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Select } from '../ui/select.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { labelOf } from '../ui/status.tsx'
import { createRefusal } from '../workspace/create-refusal.ts'
import { FirstRun } from '../workspace/first-run.tsx'
import { workspaceStatuses } from '../workspace/statuses.ts'
import { WithheldAccounts } from '../workspace/withheld-accounts.tsx'
import { WorkspaceList } from '../workspace/workspace-list.tsx'
import type { WorkspacesSearch } from '../search.ts'

const CreateWorkspaceDialog = lazy(() => import('../workspace/create-workspace-dialog.tsx'))

export function loader({ deps }: { deps: WorkspaceFilters }): void {
  void queryClient.prefetchQuery(workspacesQuery(deps))
  void queryClient.prefetchQuery(accountsQuery)
  void queryClient.prefetchQuery(regionsQuery)
}

const route = getRouteApi('/shell/workspaces')

export default function WorkspacesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { q, status, account, cursor } = search
  const accounts = useQuery(accountsQuery)
  const refusal = createRefusal(accounts.data)
  const creating = Boolean(search.new) && accounts.isSuccess && !refusal
  const everCreating = useOnceTrue(creating)
  const filtered = Boolean(q || status || account)
  const query = useQuery({
    ...workspacesQuery({ q, status, account, cursor }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some((workspace) => workspace.status === 'provisioning') ? 10_000 : false),
  })

  /** Filters start at the first page; typing does not fill the history. */
  const filter = (change: WorkspacesSearch) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }), replace: true })
  const clear = () => filter({ q: undefined, status: undefined, account: undefined })

  return (
    <Page
      title="Workspaces"
      lead="Where teams keep apps, agents and data apart from each other."
      actions={
        <Button
          data-create
          variant="primary"
          reason={refusal}
          onClick={() => void navigate({ search: (before) => ({ ...before, new: true }) })}
        >
          <Plus aria-hidden className="size-4" />
          Create workspace
        </Button>
      }
    >
      <WithheldAccounts />
      <div role="search" className="mt-6 flex flex-wrap items-center gap-2">
        <FilterInput
          label="Filter workspaces"
          placeholder="Filter by name, slug or ID"
          value={q ?? ''}
          onChange={(text) => filter({ q: text || undefined })}
        />
        <Select
          compact
          label="Status"
          value={status ?? ''}
          onChange={(value) => filter({ status: workspaceStatuses.find((known) => known === value) })}
          options={[{ value: '', label: 'Any status' }, ...workspaceStatuses.map((value) => ({ value, label: labelOf(value) }))]}
        />
        <Select
          compact
          label="Account"
          value={account ?? ''}
          onChange={(value) => filter({ account: value || undefined })}
          options={[{ value: '', label: 'Any account' }, ...(accounts.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        />
        {filtered && (
          <Button variant="ghost" onClick={clear}>
            <X aria-hidden className="size-3.5" />
            Clear
          </Button>
        )}
      </div>
      <Loaded query={query} what="workspaces" skeleton={<SkeletonRows count={10} />}>
        {({ items, next }) =>
          items.length > 0 ? (
            <>
              <WorkspaceList rows={items} busy={query.isPlaceholderData} />
              <Pager
                shown={items.length}
                next={next}
                cursor={cursor}
                onGo={(to) => void navigate({ search: (before) => ({ ...before, cursor: to }) })}
              />
            </>
          ) : filtered || cursor ? (
            <div className="mt-4 rounded-lg ring-1 ring-line">
              <Empty
                icon={<Search />}
                title="No workspace matches these filters"
                body="Try another name, status or account."
                actions={
                  <Link to="/workspaces" className="rounded-sm px-3 py-1.5 font-medium ring-1 ring-line-2 hover:bg-hover coarse:py-2.5">
                    Clear filters
                  </Link>
                }
              />
            </div>
          ) : (
            <FirstRun refusal={refusal} accounts={accounts.data ?? []} />
          )
        }
      </Loaded>
      <Suspense fallback={null}>
        {everCreating && (
          <CreateWorkspaceDialog
            open={creating}
            preferredAccount={account}
            onClose={() => void navigate({ search: (before) => ({ ...before, new: undefined }), replace: true })}
          />
        )}
      </Suspense>
    </Page>
  )
}
