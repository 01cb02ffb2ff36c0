import type { FileVersion, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { Download, Pencil, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { client } from '../api/client.ts'
import {
  downloadCommand,
  fileQuery,
  fileVersionsQuery,
  folderOf,
  labelOf,
  type LoadedFile,
  refreshFiles,
  versionUrl,
} from '../api/files.ts'
import { namesQuery } from '../api/people.ts'
import { formatBytes, formatExactBytes } from '../text/bytes.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import { type FileAction, uploaderOf } from './file-columns.tsx'
import { Preview } from './preview.tsx'

type FilePanelProps = {
  open: boolean
  workspace: Workspace
  fileId: string
  onClose: () => void
  onAct: (action: FileAction) => void
  onDownload: (file: LoadedFile) => void
}

/** All about one file: what it looks like, what is known of it, and its versions. */
export default function FilePanel({ open, workspace, fileId, onClose, onAct, onDownload }: FilePanelProps) {
  const [chosen, setChosen] = useState<FileVersion>()
  const query = useQuery({ ...fileQuery(workspace.id, fileId), enabled: open })
  const refusal = refusalOf(workspace, 'write')
  const file = query.data

  if (open && chosen && file) {
    return (
      <ConfirmDialog
        open
        onClose={() => setChosen(undefined)}
        title={`Restore version ${chosen.version} of ${labelOf(file.name)}?`}
        consequence={`Its bytes become version ${file.version + 1}, and every reader gets them from then on. What the file is now stays among the versions for 30 days.`}
        confirm="Restore version"
        run={async () => {
          const address = { workspace_id: workspace.id, file_id: file.id, version: chosen.version }
          await client.restoreFileVersion(address, file.etag ? { ifMatch: file.etag } : {})
          showToast({ title: `${labelOf(file.name)} is as version ${chosen.version} was` })
          await refreshFiles(workspace.id)
        }}
      />
    )
  }
  return (
    <SidePanel
      open={open}
      onClose={onClose}
      title={file ? labelOf(file.name) : 'File'}
      description={file ? (folderOf(file.name) ? `In ${folderOf(file.name)}` : 'In the top folder') : undefined}
    >
      <Loaded query={query} what="the file" skeleton={<SkeletonRows count={5} />}>
        {(loaded) => (
          <>
            <div className="flex flex-wrap gap-2">
              <Button variant="primary" onClick={() => onDownload(loaded)}>
                <Download aria-hidden className="size-4" />
                Download
              </Button>
              <Button reason={refusal} onClick={() => onAct('rename')}>
                <Pencil aria-hidden className="size-4" />
                Rename or move
              </Button>
              <Button reason={refusal} onClick={() => onAct('delete')}>
                <Trash2 aria-hidden className="size-4" />
                Delete
              </Button>
            </div>
            <Part title="Preview">
              <Preview workspaceId={workspace.id} file={loaded} />
            </Part>
            <Part title="Details">
              <Details workspace={workspace} file={loaded} />
            </Part>
            <Part title="Versions">
              <Versions workspace={workspace} file={loaded} refusal={refusal} onRestore={setChosen} />
            </Part>
            <CodeSnippet label="Download from a terminal" code={downloadCommand(workspace.id, loaded)} />
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      {children}
    </section>
  )
}

function Details({ workspace, file }: { workspace: Workspace; file: LoadedFile }) {
  const { data: names } = useQuery(namesQuery(workspace.id))
  const { id, size_bytes: size, content_type, checksum_sha256: sha256, version, created_at, updated_at } = file
  return (
    <dl className="grid grid-cols-[96px_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1.5 text-sm [&_dt]:text-fg-3">
      <dt>Size</dt>
      <dd>
        {formatBytes(size ?? 0)} {(size ?? 0) >= 1024 && <span className="text-fg-3">({formatExactBytes(size ?? 0)})</span>}
      </dd>
      <dt>Type</dt>
      <dd className="break-all">{content_type}</dd>
      <dt>SHA-256</dt>
      <dd>{sha256 && <CopyButton value={sha256} text={sha256} label="Copy SHA-256" />}</dd>
      <dt>File ID</dt>
      <dd>
        <CopyButton value={id} text={id} label="Copy file ID" />
      </dd>
      <dt>Version</dt>
      <dd>{version}</dd>
      <dt>Created</dt>
      <dd>
        <TimeAgo at={created_at} /> <span className="text-fg-3">by {uploaderOf(file, names).replace(/^[AS](?= |omebody)/, lower)}</span>
      </dd>
      <dt>Changed</dt>
      <dd>
        <TimeAgo at={updated_at} />
      </dd>
    </dl>
  )
}

const lower = (letter: string) => letter.toLowerCase()

type VersionsProps = { workspace: Workspace; file: LoadedFile; refusal: string | undefined; onRestore: (version: FileVersion) => void }

function Versions({ workspace, file, refusal, onRestore }: VersionsProps) {
  const query = useQuery(fileVersionsQuery(workspace.id, file.id))
  return (
    <Loaded query={query} what="the versions" skeleton={<SkeletonRows count={2} />}>
      {(versions) => (
        <ol aria-label="Versions" className="divide-y divide-line rounded-md ring-1 ring-line">
          {versions.map((version) => (
            <li key={version.version} className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
              <span className="w-7 shrink-0 font-medium">v{version.version}</span>
              <span className="min-w-0 flex-1 basis-40 text-sm text-fg-2">
                {formatBytes(version.size_bytes)}, <TimeAgo at={version.created_at} />
                {version.expires_at && (
                  <span className="block text-xs text-fg-3">
                    Removed <TimeAgo at={version.expires_at} />
                  </span>
                )}
              </span>
              {version.is_current ? (
                <Tag tone="ok">Current</Tag>
              ) : (
                <span className="flex gap-1">
                  <a
                    href={versionUrl(workspace.id, file.id, version.version)}
                    download
                    aria-label={`Download version ${version.version}`}
                    className={buttonClass({ size: 'sm', variant: 'ghost', square: true })}
                  >
                    <Download aria-hidden className="size-3.5" />
                  </a>
                  <Button
                    size="sm"
                    variant="ghost"
                    reason={refusal}
                    aria-label={`Restore version ${version.version}`}
                    onClick={() => onRestore(version)}
                  >
                    Restore
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  )
}
