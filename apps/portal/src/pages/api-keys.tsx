import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { KeyRound, Lock, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { installationUrl } from '../api/client.ts'
import { apiKeysQuery } from '../api/workspaces.ts'
import type { NewKey } from '../keys/create-key-dialog.tsx'
import { type KeyAction, keyColumns } from '../keys/key-columns.tsx'
import { KeyDialogs } from '../keys/key-dialogs.tsx'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { DataList } from '../ui/data-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { ArchivedPlace } from '../workspace/archived.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

const CreateKeyDialog = lazy(() => import('../keys/create-key-dialog.tsx'))

// The list itself waits for the page: who may not manage members would be refused.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/api-keys')

export default function ApiKeysPage() {
  const workspace = useWorkspace()
  const { new: creating, action, id } = route.useSearch()
  const navigate = route.useNavigate()
  const permitted = workspace.permissions.includes('manage_members')
  const isArchived = workspace.status === 'archived'
  const refusal = refusalOf(workspace, 'manage_members')
  const query = useQuery({ ...apiKeysQuery(workspace.id), enabled: permitted && !isArchived })
  const [created, setCreated] = useState<NewKey>()
  const showCreate = Boolean(creating) && !refusal && !created
  const everCreate = useOnceTrue(showCreate)
  const open = (search: { new?: true; action?: KeyAction; id?: string }) =>
    void navigate({ search, replace: Object.keys(search).length === 0 })
  const close = () => open({})
  const reveal = (key: NewKey) => {
    setCreated(key)
    close()
  }

  const create = (
    <Button data-create variant="primary" reason={refusal} onClick={() => open({ new: true })}>
      <Plus aria-hidden className="size-4" />
      Create key
    </Button>
  )

  return (
    <Page title="API keys" lead="For scripts and services. A key reaches this workspace only, up to its role." actions={create}>
      {!permitted ? (
        <div className="mt-4 rounded-lg ring-1 ring-line">
          <Empty icon={<Lock />} title="You may not see the API keys" body={refusal} />
        </div>
      ) : isArchived ? (
        <ArchivedPlace workspace={workspace} />
      ) : (
        <Loaded query={query} what="API keys" skeleton={<SkeletonRows count={4} className="h-[54px]" />}>
          {(keys) =>
            keys.length > 0 ? (
              <DataList
                tall
                label="API keys"
                rows={keys}
                columns={keyColumns({ workspace, keys, onAct: (kind, key) => open({ action: kind, id: key.id }) })}
                keyOf={(key) => key.id}
              />
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
      )}
      <Suspense fallback={null}>
        {everCreate && <CreateKeyDialog open={showCreate} workspace={workspace} onClose={close} onCreated={reveal} />}
      </Suspense>
      <KeyDialogs workspace={workspace} keys={query.data ?? []} action={action} id={id} onClose={close} onRotated={reveal} />
      {created && (
        <SecretReveal secret={created.key} title={`Save the key ${created.name}`} onDone={() => setCreated(undefined)}>
          <CodeSnippet label="Try it" code={readSnippet(workspace.id, created.key)} />
        </SecretReveal>
      )}
    </Page>
  )
}

const readSnippet = (workspaceId: string, key: string) =>
  `curl "${installationUrl}/v1/workspaces/${workspaceId}" \\\n  -H "Authorization: Bearer ${key}"`
