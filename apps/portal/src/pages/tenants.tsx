import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { tenantsQuery } from '../api/programs.ts'
import type { ListSearch } from '../search.ts'
import { NoTenantsYet } from '../tenants/no-tenants-yet.tsx'
import { tenantColumns } from '../tenants/tenant-columns.tsx'
import { TenantDialogs } from '../tenants/tenant-dialogs.tsx'
import { Button } from '../ui/button.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterInput } from '../ui/filter-input.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { Select } from '../ui/select.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { ArchivedPlace } from '../workspace/archived.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

// The address says which page and which filter; the page asks.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/tenants')
const statuses = ['active', 'disabled'] as const

export default function TenantsPage() {
  const workspace = useWorkspace()
  const { q, state, cursor, action, id } = route.useSearch()
  const navigate = route.useNavigate()
  const isArchived = workspace.status === 'archived'
  const status = statuses.find((known) => known === state)
  const filters = { ...(q && { q }), ...(status && { state: status }) }
  const query = useQuery({
    ...tenantsQuery(workspace.id, { q, status, cursor }),
    enabled: !isArchived,
    placeholderData: keepPreviousData,
  })
  const place = { ...filters, ...(cursor && { cursor }) }
  const replace = (search: ListSearch) => void navigate({ search, replace: true })
  const chosen = query.data?.items.find((tenant) => tenant.id === id)

  return (
    <Page title="Tenants" lead="Customers of yours inside this workspace, each with data of its own.">
      {isArchived ? (
        <ArchivedPlace workspace={workspace} />
      ) : (
        <>
          <div role="search" className="mt-6 flex flex-wrap items-center gap-2">
            <FilterInput
              label="Filter tenants"
              placeholder="Filter by name or key"
              value={q ?? ''}
              onChange={(text) => replace({ ...(text && { q: text }), ...(status && { state: status }) })}
            />
            <Select
              compact
              label="Status"
              value={status ?? ''}
              onChange={(value) => replace({ ...(q && { q }), ...(value && { state: value }) })}
              options={[
                { value: '', label: 'Any status' },
                { value: 'active', label: 'Active' },
                { value: 'disabled', label: 'Disabled' },
              ]}
            />
          </div>
          <Loaded query={query} what="the tenants" skeleton={<SkeletonRows count={5} className="h-[54px]" />}>
            {(page) =>
              page.items.length > 0 ? (
                <PagedList
                  tall
                  label="Tenants"
                  page={page}
                  columns={tenantColumns(workspace, (kind, tenant) => void navigate({ search: { ...place, action: kind, id: tenant.id } }))}
                  keyOf={(tenant) => tenant.id}
                  busy={query.isPlaceholderData}
                  cursor={cursor}
                  onGo={(to) => void navigate({ search: { ...filters, ...(to && { cursor: to }) } })}
                />
              ) : (
                <div className="mt-4 rounded-lg ring-1 ring-line">
                  {q || status || cursor ? (
                    <Empty
                      icon={<Search />}
                      title="No tenant matches"
                      body="Try another part of a name or key, or any status."
                      actions={<Button onClick={() => replace({})}>Clear filters</Button>}
                    />
                  ) : (
                    <NoTenantsYet workspace={workspace} />
                  )}
                </div>
              )
            }
          </Loaded>
        </>
      )}
      {!refusalOf(workspace, 'administer') && (
        <TenantDialogs workspace={workspace} tenant={chosen} action={action} onClose={() => replace(place)} />
      )}
    </Page>
  )
}
