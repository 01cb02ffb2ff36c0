import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { FileUp, Plus, Search, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { namesQuery } from '../api/people.ts'
import { sealedQuery } from '../api/sealed.ts'
import { secretPlacesQuery, secretsQuery } from '../api/secrets.ts'
import { environmentsQuery } from '../api/workspaces.ts'
import { queryClient } from '../api/query-client.ts'
import type { SecretsSearch } from '../search.ts'
import { categories } from '../secrets/categories.ts'
import { EnvironmentSelect } from '../secrets/environment-select.tsx'
import { NoSecretsYet, RunSnippet } from '../secrets/no-secrets-yet.tsx'
import { secretColumns } from '../secrets/secret-columns.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterInput } from '../ui/filter-input.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { Select } from '../ui/select.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { ArchivedPlace } from '../workspace/archived.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { SealedBanner } from '../workspace/sealed-banner.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'

const SecretDialogs = lazy(() => import('../secrets/secret-dialogs.tsx'))

export function loader(): void {
  void queryClient.prefetchQuery(sealedQuery)
}

const route = getRouteApi('/shell/workspaces/$workspaceId/secrets')

export default function SecretsPage() {
  const workspace = useWorkspace()
  const { q, environment, category, cursor, new: creating, action, id } = route.useSearch()
  const navigate = route.useNavigate()
  const everDialog = useOnceTrue(Boolean(creating || action))
  const isArchived = workspace.status === 'archived'
  const refusal = refusalOf(workspace, 'manage_secrets')
  const query = useQuery({
    ...secretsQuery(workspace.id, { environment, category, q, cursor }),
    enabled: !isArchived,
    placeholderData: keepPreviousData,
  })
  const environments = useQuery({ ...environmentsQuery(workspace.id), enabled: !isArchived }).data ?? []
  const { data: names } = useQuery({ ...namesQuery(workspace.id), enabled: !isArchived })
  const { data: places } = useQuery({
    ...secretPlacesQuery(
      workspace.id,
      environments.map(({ slug }) => slug),
    ),
    enabled: environments.length > 0,
  })

  const filters: SecretsSearch = { ...(environment && { environment }), ...(category && { category }), ...(q && { q }) }
  const place = { ...filters, ...(cursor && { cursor }) }
  const open = (change: SecretsSearch) => void navigate({ search: { ...place, ...change } })
  const close = () => void navigate({ search: place, replace: true })
  const filter = (change: SecretsSearch) => void navigate({ search: { ...filters, ...change }, replace: true })
  const clear = () => void navigate({ search: environment ? { environment } : {}, replace: true })

  return (
    <Page
      title="Secrets"
      lead="Values that programs need and people should not see. Each reveal is recorded."
      actions={
        <>
          <Button reason={refusal} onClick={() => open({ action: 'import' })}>
            <FileUp aria-hidden className="size-4" />
            Import
          </Button>
          <Button data-create variant="primary" reason={refusal} onClick={() => open({ new: true })}>
            <Plus aria-hidden className="size-4" />
            New secret
          </Button>
        </>
      }
    >
      <SealedBanner what="secret" />
      {isArchived ? (
        <ArchivedPlace workspace={workspace} />
      ) : (
        <>
          <div role="search" aria-label="Filter secrets" className="mt-6 flex flex-wrap items-center gap-2">
            <FilterInput
              label="Filter secrets"
              placeholder="Filter by key"
              value={q ?? ''}
              onChange={(text) => filter({ q: text || undefined })}
            />
            <EnvironmentSelect
              compact
              label="Environment"
              all="Shared by all"
              workspaceId={workspace.id}
              value={environment ?? null}
              onChange={(slug) => filter({ environment: slug ?? undefined })}
            />
            <Select
              compact
              label="Category"
              value={category ?? ''}
              onChange={(value) => filter({ category: categories.find((known) => known.value === value)?.value })}
              options={[{ value: '', label: 'Any category' }, ...categories]}
            />
            {(q || category) && (
              <Button variant="ghost" onClick={clear}>
                <X aria-hidden className="size-3.5" />
                Clear
              </Button>
            )}
          </div>
          <Loaded query={query} what="the secrets" skeleton={<SkeletonRows count={6} className="h-[54px]" />}>
            {(page) =>
              page.items.length > 0 ? (
                <>
                  <PagedList
                    tall
                    label="Secrets"
                    page={page}
                    columns={secretColumns({
                      workspace,
                      environments,
                      shownEnvironment: environment,
                      places,
                      names,
                      onAct: (kind, secret) => open({ action: kind, id: secret.id }),
                    })}
                    keyOf={(secret) => secret.id}
                    busy={query.isPlaceholderData}
                    cursor={cursor}
                    onGo={(to) => void navigate({ search: { ...filters, ...(to && { cursor: to }) } })}
                  />
                  <div className="mt-6 max-w-xl">
                    <RunSnippet workspaceId={workspace.id} environment={environment} />
                  </div>
                </>
              ) : (
                <div className="mt-4 rounded-lg ring-1 ring-line">
                  {q || category || cursor ? (
                    <Empty
                      icon={<Search />}
                      title="No secret matches"
                      body="Try another part of a key, or any category."
                      actions={<Button onClick={clear}>Clear filters</Button>}
                    />
                  ) : (
                    <NoSecretsYet
                      workspace={workspace}
                      environment={environment}
                      places={places}
                      onImport={() => open({ action: 'import' })}
                    />
                  )}
                </div>
              )
            }
          </Loaded>
        </>
      )}
      <Suspense fallback={null}>
        {everDialog && (
          <SecretDialogs
            key={workspace.id}
            workspace={workspace}
            environment={environment ?? null}
            secret={query.data?.items.find((secret) => secret.id === id)}
            creating={Boolean(creating)}
            action={action}
            onClose={close}
          />
        )}
      </Suspense>
    </Page>
  )
}
