import type { ApiKey } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { KeyRound, Lock, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { client, installationUrl } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { apiKeysQuery } from '../api/workspaces.ts'
import type { NewKey } from '../keys/create-key-dialog.tsx'
import { Expiry } from '../keys/expiry.tsx'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { type Column, DataList } from '../ui/data-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

const CreateKeyDialog = lazy(() => import('../keys/create-key-dialog.tsx'))

// The list itself waits for the page: who may not manage members would be refused.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/api-keys')

const columns = (onRevoke: (key: ApiKey) => void): Column<ApiKey>[] => [
  {
    header: 'Name',
    width: 'minmax(150px,1.6fr)',
    narrow: 'title',
    cell: ({ name, description }) => (
      <span className="block min-w-0">
        <span className="block font-medium break-words">{name}</span>
        {description && <span className="block text-xs break-words text-fg-3">{description}</span>}
      </span>
    ),
  },
  {
    header: 'Key',
    width: 'minmax(110px,1fr)',
    narrow: 'line',
    cell: ({ prefix }) => <span className="block truncate font-mono text-xs @max-[46rem]:inline">{prefix}…</span>,
  },
  { header: 'Role', width: '72px', narrow: 'line', cell: ({ role }) => <RoleTag role={role} /> },
  { header: 'Created', width: '92px', narrow: 'hidden', cell: ({ created_at }) => <TimeAgo at={created_at} /> },
  {
    header: 'Last used',
    width: '92px',
    narrow: 'line',
    cell: ({ last_used_at }) => (last_used_at ? <TimeAgo at={last_used_at} /> : 'Never'),
  },
  { header: 'Expires', width: '104px', narrow: 'line', cell: ({ expires_at }) => <Expiry at={expires_at} /> },
  {
    header: 'Revoke',
    headerHidden: true,
    width: '72px',
    narrow: 'aside',
    cell: (key) => (
      <Button size="sm" variant="ghost" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
        Revoke
      </Button>
    ),
  },
]

export default function ApiKeysPage() {
  const workspace = useWorkspace()
  const { new: creating, revoke } = route.useSearch()
  const navigate = route.useNavigate()
  const permitted = workspace.permissions.includes('manage_members')
  const refusal = refusalOf(workspace, 'manage_members')
  const query = useQuery({ ...apiKeysQuery(workspace.id), enabled: permitted })
  const [created, setCreated] = useState<NewKey>()
  const showCreate = Boolean(creating) && !refusal && !created
  const everCreate = useOnceTrue(showCreate)
  const revoking = query.data?.find(({ id }) => id === revoke)
  const open = (search: { new?: true; revoke?: string }) => void navigate({ search, replace: Object.keys(search).length === 0 })
  const close = () => open({})

  const create = (
    <Button data-create variant="primary" reason={refusal} onClick={() => open({ new: true })}>
      <Plus aria-hidden className="size-4" />
      Create key
    </Button>
  )

  return (
    <Page title="API keys" lead="For scripts and services. A key reaches this workspace only, up to its role." actions={create}>
      {permitted ? (
        <Loaded query={query} what="API keys" skeleton={<SkeletonRows count={4} className="h-[54px]" />}>
          {(keys) =>
            keys.length > 0 ? (
              <DataList tall label="API keys" rows={keys} columns={columns((key) => open({ revoke: key.id }))} keyOf={({ id }) => id} />
            ) : (
              <div className="mt-4 rounded-lg ring-1 ring-line">
                <Empty
                  icon={<KeyRound />}
                  title="No API keys yet"
                  body="Create one to call the API from a script. Put it into FREEHOLD_KEY and this command reads the workspace."
                >
                  <CodeSnippet label="Terminal" code={readSnippet(workspace.id, '$FREEHOLD_KEY')} />
                </Empty>
              </div>
            )
          }
        </Loaded>
      ) : (
        <div className="mt-4 rounded-lg ring-1 ring-line">
          <Empty icon={<Lock />} title="You may not see the API keys" body={refusal} />
        </div>
      )}
      <Suspense fallback={null}>
        {everCreate && (
          <CreateKeyDialog
            open={showCreate}
            workspace={workspace}
            onClose={close}
            onCreated={(key) => {
              setCreated(key)
              close()
            }}
          />
        )}
      </Suspense>
      {created && (
        <SecretReveal secret={created.key} title={`Save the key ${created.name}`} onDone={() => setCreated(undefined)}>
          <CodeSnippet label="Try it" code={readSnippet(workspace.id, created.key)} />
        </SecretReveal>
      )}
      {revoking && (
        <ConfirmDialog
          open
          danger
          onClose={close}
          title={`Revoke ${revoking.name}?`}
          consequence="Whatever uses it is refused from the next request on. This cannot be undone."
          confirm="Revoke key"
          run={async () => {
            await client.revokeApiKey({ workspace_id: workspace.id, api_key_id: revoking.id })
            showToast({ title: `${revoking.name} is revoked` })
            await queryClient.invalidateQueries({ queryKey: apiKeysQuery(workspace.id).queryKey })
          }}
        />
      )}
    </Page>
  )
}

const readSnippet = (workspaceId: string, key: string) =>
  `curl "${installationUrl}/v1/workspaces/${workspaceId}" \\\n  -H "Authorization: Bearer ${key}"`

function RoleTag({ role }: { role: ApiKey['role'] }) {
  return <Tag tone={role === 'admin' ? 'warn' : 'idle'}>{role.charAt(0).toUpperCase() + role.slice(1)}</Tag>
}
