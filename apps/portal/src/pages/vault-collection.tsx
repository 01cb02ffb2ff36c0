import type { Collection } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ArrowLeft, Ellipsis, FileUp, Pencil, Plus, Trash2 } from 'lucide-react'
import { lazy, Suspense, useMemo } from 'react'
import { isMissing } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { sealedQuery } from '../api/sealed.ts'
import { collectionQuery } from '../api/vault.ts'
import { QueryFault } from '../layout/fault-pages.tsx'
import type { VaultSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { useLast, useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { DeleteRecord } from '../vault/delete-record.tsx'
import { ExportItems } from '../vault/export-items.tsx'
import { fieldsOf } from '../vault/fields.ts'
import { RecordsView } from '../vault/records-view.tsx'
import { SchemaView } from '../vault/schema-view.tsx'
import { ArchivedPlace } from '../workspace/archived.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { SealedBanner } from '../workspace/sealed-banner.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'

const RecordDialog = lazy(() => import('../vault/record-dialog.tsx'))
const RevealDialog = lazy(() => import('../vault/reveal-dialog.tsx'))
const EditSchemaDialog = lazy(() => import('../vault/edit-schema-dialog.tsx'))
const DropCollectionDialog = lazy(() => import('../vault/drop-collection-dialog.tsx'))
const ImportDialog = lazy(() => import('../vault/import-dialog.tsx'))

export function loader(): void {
  void queryClient.prefetchQuery(sealedQuery)
}

const route = getRouteApi('/shell/workspaces/$workspaceId/vault/$collection')

export default function VaultCollectionPage() {
  const workspace = useWorkspace()
  const { collection: name } = route.useParams()
  const isArchived = workspace.status === 'archived'
  const query = useQuery({ ...collectionQuery({ workspaceId: workspace.id, collection: name }), enabled: !isArchived })
  if (isMissing(query.error)) return <QueryFault error={query.error} onRetry={() => void query.refetch()} />
  if (query.data && !isArchived) return <CollectionBody key={query.data.id} collection={query.data} />
  return (
    <Page title={name} part="Data Vault">
      {isArchived ? (
        <ArchivedPlace workspace={workspace} />
      ) : (
        <Loaded query={query} what="the collection" skeleton={<SkeletonRows count={8} />}>
          {() => null}
        </Loaded>
      )}
    </Page>
  )
}

function CollectionBody({ collection }: { collection: Collection }) {
  const workspace = useWorkspace()
  const { new: creating, action, id, ...place } = route.useSearch()
  const navigate = route.useNavigate()
  const fields = useMemo(() => fieldsOf(collection.schema), [collection.schema])
  const [mayWrite, mayDefine] = [!refusalOf(workspace, 'write'), !refusalOf(workspace, 'ddl')]
  const go = (search: VaultSearch, { replace } = { replace: false }) => void navigate({ search, replace })
  const open = (change: VaultSearch) => go({ ...place, ...change })
  const close = () => go(place, { replace: true })
  const leave = () =>
    void navigate({ to: '/workspaces/$workspaceId/vault', params: { workspaceId: workspace.id }, search: {}, replace: true })

  return (
    <Page
      title={collection.name}
      part="Data Vault"
      lead={collection.description || undefined}
      actions={
        <>
          <MoreActions collection={collection} onAct={(kind) => open({ action: kind })} />
          <Button reason={refusalOf(workspace, 'write')} onClick={() => open({ action: 'import' })}>
            <FileUp aria-hidden className="size-4" />
            Import
          </Button>
          <Button data-create variant="primary" reason={refusalOf(workspace, 'write')} onClick={() => open({ new: true })}>
            <Plus aria-hidden className="size-4" />
            New record
          </Button>
        </>
      }
    >
      <SealedBanner what="sensitive field" />
      <Tabs collection={collection} current={place.tab} />
      {place.tab === 'schema' ? (
        <SchemaView collection={collection} />
      ) : (
        <RecordsView
          workspace={workspace}
          collection={collection}
          fields={fields}
          search={place}
          onGo={go}
          onAct={(kind, record) => open({ action: kind, id: record.id })}
        />
      )}
      <Dialogs
        collection={collection}
        fields={fields}
        shows={{
          create: Boolean(creating) && mayWrite,
          edit: action === 'edit' ? id : undefined,
          reveal: action === 'reveal' && !refusalOf(workspace, 'reveal', { whileFrozen: true }) ? id : undefined,
          delete: action === 'delete' && mayWrite ? id : undefined,
          schema: action === 'schema' && mayDefine,
          drop: action === 'drop' && mayDefine,
          import: action === 'import' && mayWrite,
        }}
        onClose={close}
        onDropped={leave}
      />
    </Page>
  )
}

function MoreActions({ collection, onAct }: { collection: Collection; onAct: (action: 'schema' | 'drop') => void }) {
  const workspace = useWorkspace()
  const refusal = refusalOf(workspace, 'ddl')
  return (
    <Menu
      className="w-64"
      trigger={
        <Button square aria-label={`More for ${collection.name}`}>
          <Ellipsis aria-hidden className="size-4" />
        </Button>
      }
    >
      <ExportItems place={{ workspaceId: workspace.id, collection: collection.name }} />
      <MenuSeparator />
      <MenuItem icon={<Pencil aria-hidden />} reason={refusal} onSelect={() => onAct('schema')}>
        Edit schema and indexes…
      </MenuItem>
      <MenuItem icon={<Trash2 aria-hidden />} danger reason={refusal} onSelect={() => onAct('drop')}>
        Drop collection…
      </MenuItem>
    </Menu>
  )
}

function Tabs({ collection: { name }, current }: { collection: Collection; current: 'schema' | undefined }) {
  const workspace = useWorkspace()
  return (
    <nav aria-label="Parts of the collection" className="hairline mt-5 flex items-center gap-4">
      {([undefined, 'schema'] as const).map((tab) => (
        <Link
          key={tab ?? 'records'}
          to="/workspaces/$workspaceId/vault/$collection"
          params={{ workspaceId: workspace.id, collection: name }}
          search={tab ? { tab } : {}}
          activeProps={{}}
          aria-current={tab === current ? 'page' : undefined}
          className={clsx(
            'inline-flex h-10 items-center border-b-2 text-sm coarse:h-11',
            tab === current ? 'border-fg font-medium' : 'border-transparent text-fg-2 hover:text-fg',
          )}
        >
          {tab ? 'Schema' : 'Records'}
        </Link>
      ))}
      <Link
        to="/workspaces/$workspaceId/vault"
        params={{ workspaceId: workspace.id }}
        search={{}}
        className="ms-auto inline-flex h-10 items-center gap-1.5 text-sm text-fg-2 hover:text-fg coarse:h-11"
      >
        <ArrowLeft aria-hidden className="size-3.5 rtl:rotate-180" />
        All collections
      </Link>
    </nav>
  )
}

type DialogsProps = {
  collection: Collection
  fields: ReturnType<typeof fieldsOf>
  shows: {
    create: boolean
    edit: string | undefined
    reveal: string | undefined
    delete: string | undefined
    schema: boolean
    drop: boolean
    import: boolean
  }
  onClose: () => void
  onDropped: () => void
}

function Dialogs({ collection, fields, shows, onClose, onDropped }: DialogsProps) {
  const workspace = useWorkspace()
  const place = { workspaceId: workspace.id, collection: collection.name }
  const showRecord = shows.create || shows.edit !== undefined
  const record = useLast(showRecord ? (shows.edit ?? 'new') : undefined)
  const everSchema = useOnceTrue(shows.schema)
  const everDrop = useOnceTrue(shows.drop)
  const everImport = useOnceTrue(shows.import)
  const common = { workspace, onClose }
  return (
    <Suspense fallback={null}>
      {record && (
        <RecordDialog
          {...common}
          key={record}
          open={showRecord}
          collection={collection}
          fields={fields}
          recordId={record === 'new' ? undefined : record}
        />
      )}
      {shows.reveal && <RevealDialog {...common} key={shows.reveal} collection={collection} recordId={shows.reveal} />}
      {shows.delete && <DeleteRecord place={place} recordId={shows.delete} onClose={onClose} />}
      {everSchema && <EditSchemaDialog {...common} open={shows.schema} collection={collection.name} />}
      {everDrop && <DropCollectionDialog {...common} open={shows.drop} collection={collection} onDropped={onDropped} />}
      {everImport && <ImportDialog {...common} open={shows.import} collection={collection.name} />}
    </Suspense>
  )
}
