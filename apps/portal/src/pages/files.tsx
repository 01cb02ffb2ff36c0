import type { File as StoredFile } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { HardDrive, Search, Upload } from 'lucide-react'
import { useCallback, useRef } from 'react'
import { client } from '../api/client.ts'
import { folderOf, folderQuery, roomQuery } from '../api/files.ts'
import { namesQuery } from '../api/people.ts'
import { describeProblem } from '../api/problem.ts'
import { Breadcrumbs } from '../files/breadcrumbs.tsx'
import { chosenFrom, useFileDrop } from '../files/dropped-files.ts'
import { fileColumns } from '../files/file-columns.tsx'
import { FileDialogs } from '../files/file-dialogs.tsx'
import { NoFilesYet } from '../files/no-files-yet.tsx'
import { UploadPanel } from '../files/upload-panel.tsx'
import { addUploads, type Chosen } from '../files/uploads.ts'
import type { FilesSearch } from '../search.ts'
import { formatBytes } from '../text/bytes.ts'
import { downloadFrom } from '../text/download.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterInput } from '../ui/filter-input.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { ArchivedPlace } from '../workspace/archived.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

// Which folder is asked for stands in the URL alone, and the page knows it.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/files')

export default function FilesPage() {
  const workspace = useWorkspace()
  const { path: asked = '', q, cursor, action, id } = route.useSearch()
  const path = asked === '' || asked.endsWith('/') ? asked : `${asked}/`
  const navigate = route.useNavigate()
  const picker = useRef<HTMLInputElement>(null)
  const isArchived = workspace.status === 'archived'
  const refusal = refusalOf(workspace, 'write')
  const query = useQuery({
    ...folderQuery(workspace.id, { path, q, cursor }),
    enabled: !isArchived,
    placeholderData: keepPreviousData,
  })
  const { data: names } = useQuery({ ...namesQuery(workspace.id), enabled: !isArchived })

  const filters: FilesSearch = { ...(path && { path }), ...(q && { q }) }
  const place = { ...filters, ...(cursor && { cursor }) }
  const go = (search: FilesSearch, replace = false) => void navigate({ search, replace })
  const upload = useCallback(
    (chosen: Chosen[]) => {
      if (refusal) showToast({ type: 'error', title: 'Nothing was uploaded', description: refusal })
      else addUploads(workspace.id, path, chosen)
    },
    [refusal, workspace.id, path],
  )
  const isOver = useFileDrop(upload)
  const choose = () => picker.current?.click()
  const download = async ({ id: fileId }: StoredFile) => {
    try {
      downloadFrom((await client.getDownloadUrl({ workspace_id: workspace.id, file_id: fileId })).url)
    } catch (error) {
      showToast({ type: 'error', title: 'Could not download', description: describeProblem(error) })
    }
  }

  return (
    <Page
      title="Files"
      lead="What people, agents and apps have put into this workspace."
      actions={
        <Button data-create variant="primary" reason={refusal} onClick={choose}>
          <Upload aria-hidden className="size-4" />
          Upload
        </Button>
      }
    >
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          upload(chosenFrom(target.files ?? []))
          // So that the same file can be chosen again.
          target.value = ''
        }}
      />
      {isArchived ? (
        <ArchivedPlace workspace={workspace} />
      ) : (
        <>
          {!refusal && <LittleRoom workspaceId={workspace.id} />}
          <UploadPanel workspaceId={workspace.id} />
          <div role="search" aria-label="Filter files" className="mt-6 flex flex-wrap items-center gap-2">
            <Breadcrumbs workspaceId={workspace.id} path={path} />
            <FilterInput
              label="Filter files"
              placeholder="Name begins with"
              value={q ?? ''}
              onChange={(text) => go({ ...(path && { path }), ...(text && { q: text }) }, true)}
            />
          </div>
          <Loaded query={query} what="the files" skeleton={<SkeletonRows count={6} />}>
            {(page) =>
              page.items.length > 0 ? (
                <PagedList
                  label="Files"
                  page={page}
                  columns={fileColumns({
                    workspace,
                    names,
                    place,
                    onAct: (kind, file) => go({ ...place, id: file.id, action: kind }),
                    onDownload: (file) => void download(file),
                  })}
                  keyOf={(entry) => entry.id}
                  busy={query.isPlaceholderData}
                  cursor={cursor}
                  onGo={(to) => go({ ...filters, ...(to && { cursor: to }) })}
                />
              ) : q || cursor ? (
                <div className="mt-4 rounded-lg ring-1 ring-line">
                  <Empty
                    icon={<Search />}
                    title="No file matches"
                    body="The filter finds files whose name begins with it, case and all."
                    actions={<Button onClick={() => go(path ? { path } : {}, true)}>Clear filter</Button>}
                  />
                </div>
              ) : (
                <NoFilesYet workspace={workspace} path={path} onUpload={choose} />
              )
            }
          </Loaded>
          <FileDialogs
            key={workspace.id}
            workspace={workspace}
            fileId={id}
            action={action}
            onAct={(kind) => go({ ...place, id, action: kind })}
            onClose={() => go(place, true)}
            onMoved={(name) => go({ ...(folderOf(name) && { path: folderOf(name) }), id }, true)}
            onDeleted={() => go(place, true)}
            onDownload={(file) => void download(file)}
          />
        </>
      )}
      {isOver && !isArchived && <DropHint path={path} refusal={refusal} />}
    </Page>
  )
}

function DropHint({ path, refusal }: { path: string; refusal: string | undefined }) {
  return (
    <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/80">
      <p className="rounded-md bg-raised px-4 py-2.5 text-md font-medium shadow-pop">
        {refusal ?? `Drop to upload into ${path || 'the top folder'}`}
      </p>
    </div>
  )
}

/** Says so while there is still time to make room. */
function LittleRoom({ workspaceId }: { workspaceId: string }) {
  const { data: room } = useQuery(roomQuery(workspaceId))
  if (!room || room.used < room.allowed * 0.8) return null
  return (
    <Banner tone="warn" icon={<HardDrive aria-hidden />} title={`${formatBytes(room.used)} of ${formatBytes(room.allowed)} are used.`}>
      Uploads beyond that are refused. Old versions count too; delete what nobody needs, or ask the operator for more.
    </Banner>
  )
}
