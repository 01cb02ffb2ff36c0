import type { Credential, CredentialTypeDescription } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { FileKey2, Plus, Search } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { installationUrl } from '../api/client.ts'
import { credentialsQuery, credentialTypesQuery } from '../api/credentials.ts'
import { queryClient } from '../api/query-client.ts'
import { sealedQuery } from '../api/sealed.ts'
import { credentialColumns } from '../credentials/credential-columns.tsx'
import { useChecks } from '../credentials/use-checks.ts'
import type { ListSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { DataList } from '../ui/data-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterInput } from '../ui/filter-input.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Select } from '../ui/select.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { ArchivedPlace } from '../workspace/archived.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { SealedBanner } from '../workspace/sealed-banner.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'

const CredentialDialogs = lazy(() => import('../credentials/credential-dialogs.tsx'))

export function loader(): void {
  void queryClient.prefetchQuery(sealedQuery)
}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/credentials')

export default function CredentialsPage() {
  const workspace = useWorkspace()
  const { q, state: type, new: creating, action, id } = route.useSearch()
  const navigate = route.useNavigate()
  const everDialog = useOnceTrue(Boolean(creating || action))
  const isArchived = workspace.status === 'archived'
  const query = useQuery({ ...credentialsQuery(workspace.id), enabled: !isArchived })
  const types = useQuery({ ...credentialTypesQuery(workspace.id), enabled: !isArchived }).data ?? []
  const { checking, check } = useChecks(workspace.id)

  const filters = { ...(q && { q }), ...(type && { state: type }) }
  const open = (change: ListSearch) => void navigate({ search: { ...filters, ...change } })
  const replace = (search: ListSearch) => void navigate({ search, replace: true })

  return (
    <Page
      title="Credentials"
      lead="How this workspace signs in to models, databases and services. Nobody sees a secret again once it is stored."
      actions={
        <Button data-create variant="primary" reason={refusalOf(workspace, 'manage_secrets')} onClick={() => open({ new: true })}>
          <Plus aria-hidden className="size-4" />
          Add credential
        </Button>
      }
    >
      <SealedBanner what="credential" />
      {isArchived ? (
        <ArchivedPlace workspace={workspace} />
      ) : (
        <Loaded query={query} what="the credentials" skeleton={<SkeletonRows count={4} className="h-[54px]" />}>
          {(all) => {
            const shown = byType(all, types).filter((credential) => matches(credential, q, type))
            if (all.length === 0) return <NoCredentialsYet workspaceId={workspace.id} />
            return (
              <>
                <div role="search" aria-label="Filter credentials" className="mt-6 flex flex-wrap items-center gap-2">
                  <FilterInput
                    label="Filter credentials"
                    placeholder="Filter by name"
                    value={q ?? ''}
                    onChange={(text) => replace({ ...(text && { q: text }), ...(type && { state: type }) })}
                  />
                  <Select
                    compact
                    label="Type"
                    value={type ?? ''}
                    onChange={(value) => replace({ ...(q && { q }), ...(value && { state: value }) })}
                    options={[{ value: '', label: 'Any type' }, ...types.map((known) => ({ value: known.type, label: known.label }))]}
                  />
                </div>
                {shown.length > 0 ? (
                  <DataList
                    tall
                    label="Credentials"
                    rows={shown}
                    columns={credentialColumns({
                      workspace,
                      types,
                      checking,
                      onCheck: (credential) => void check(credential),
                      onAct: (kind, credential) => open({ action: kind, id: credential.id }),
                    })}
                    keyOf={(credential) => credential.id}
                  />
                ) : (
                  <div className="mt-4 rounded-lg ring-1 ring-line">
                    <Empty
                      icon={<Search />}
                      title="No credential matches"
                      body="Try another part of a name, or any type."
                      actions={<Button onClick={() => replace({})}>Clear filters</Button>}
                    />
                  </div>
                )}
              </>
            )
          }}
        </Loaded>
      )}
      <Suspense fallback={null}>
        {everDialog && (
          <CredentialDialogs
            workspace={workspace}
            types={types}
            credential={query.data?.find((credential) => credential.id === id)}
            creating={Boolean(creating)}
            action={action}
            onClose={() => replace(filters)}
          />
        )}
      </Suspense>
    </Page>
  )
}

/** In the order of the types, the default of each first. */
function byType(credentials: readonly Credential[], types: readonly CredentialTypeDescription[]): Credential[] {
  const rank = new Map(types.map(({ type }, index) => [type, index]))
  return credentials.toSorted(
    (a, b) =>
      (rank.get(a.type) ?? types.length) - (rank.get(b.type) ?? types.length) ||
      Number(b.is_default) - Number(a.is_default) ||
      a.name.localeCompare(b.name),
  )
}

const matches = ({ name, type }: Credential, q: string | undefined, wanted: string | undefined) =>
  (!q || name.toLowerCase().includes(q.toLowerCase())) && (!wanted || type === wanted)

function NoCredentialsYet({ workspaceId }: { workspaceId: string }) {
  return (
    <div className="mt-4 rounded-lg ring-1 ring-line">
      <Empty
        icon={<FileKey2 />}
        title="No credentials yet"
        body="A credential is what an agent or an app signs in with elsewhere: the key of a model provider, a database's password, the token of a service. Add one here, or by the API:"
      >
        <CodeSnippet label="Terminal" code={createSnippet(workspaceId)} />
      </Empty>
    </div>
  )
}

const createSnippet = (workspaceId: string) =>
  [
    `curl -X POST "${installationUrl}/v1/workspaces/${workspaceId}/credentials" \\`,
    `  -H "Authorization: Bearer $FREEHOLD_TOKEN" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d "{\\"type\\": \\"openai\\", \\"name\\": \\"OpenAI\\", \\"secrets\\": {\\"api_key\\": \\"$OPENAI_API_KEY\\"}}"`,
  ].join('\n')
