import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { sealedQuery } from '../api/sealed.ts'
import { queryClient } from '../api/query-client.ts'
import { collectionsQuery } from '../api/vault.ts'
import type { ListSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useLast, useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { collectionColumns } from '../vault/collection-columns.tsx'
import { NoCollectionsYet } from '../vault/no-collections-yet.tsx'
import { ArchivedPlace } from '../workspace/archived.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { SealedBanner } from '../workspace/sealed-banner.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'

const CreateCollectionDialog = lazy(() => import('../vault/create-collection-dialog.tsx'))
const DropCollectionDialog = lazy(() => import('../vault/drop-collection-dialog.tsx'))

export function loader(): void {
  void queryClient.prefetchQuery(sealedQuery)
}

const route = getRouteApi('/shell/workspaces/$workspaceId/vault')

export default function VaultPage() {
  const workspace = useWorkspace()
  const { cursor, new: creating, action, id } = route.useSearch()
  const navigate = route.useNavigate()
  const isArchived = workspace.status === 'archived'
  const refusal = refusalOf(workspace, 'ddl')
  const query = useQuery({ ...collectionsQuery(workspace.id, cursor), enabled: !isArchived, placeholderData: keepPreviousData })
  const place = cursor ? { cursor } : {}
  const open = (change: ListSearch) => void navigate({ search: { ...place, ...change } })
  const close = () => void navigate({ search: place, replace: true })
  const chosen = query.data?.items.find((collection) => collection.name === id)
  const showCreate = Boolean(creating) && !refusal
  const showDrop = action === 'drop' && chosen !== undefined && !refusal
  const everCreate = useOnceTrue(showCreate)
  const dropped = useLast(showDrop ? chosen : undefined)

  return (
    <Page
      title="Data Vault"
      lead="Collections of records, each with a schema of its own. Sensitive fields are encrypted and masked."
      actions={
        <Button data-create variant="primary" reason={refusal} onClick={() => open({ new: true })}>
          <Plus aria-hidden className="size-4" />
          New collection
        </Button>
      }
    >
      <SealedBanner what="sensitive field" />
      {isArchived ? (
        <ArchivedPlace workspace={workspace} />
      ) : (
        <Loaded query={query} what="the collections" skeleton={<SkeletonRows count={5} className="h-[54px]" />}>
          {(page) =>
            page.items.length > 0 ? (
              <PagedList
                tall
                label="Collections"
                page={page}
                columns={collectionColumns(workspace, ({ name }) => open({ action: 'drop', id: name }))}
                keyOf={(collection) => collection.id}
                busy={query.isPlaceholderData}
                cursor={cursor}
                onGo={(to) => void navigate({ search: to ? { cursor: to } : {} })}
              />
            ) : (
              <div className="mt-4 rounded-lg ring-1 ring-line">
                <NoCollectionsYet workspace={workspace} onCreate={() => open({ new: true })} />
              </div>
            )
          }
        </Loaded>
      )}
      <Suspense fallback={null}>
        {everCreate && (
          <CreateCollectionDialog
            open={showCreate}
            workspace={workspace}
            onClose={close}
            onCreated={(name) =>
              void navigate({
                to: '/workspaces/$workspaceId/vault/$collection',
                params: { workspaceId: workspace.id, collection: name },
                search: {},
                replace: true,
              })
            }
          />
        )}
        {dropped && (
          <DropCollectionDialog
            key={dropped.id}
            open={showDrop}
            workspace={workspace}
            collection={dropped}
            onClose={close}
            onDropped={close}
          />
        )}
      </Suspense>
    </Page>
  )
}
