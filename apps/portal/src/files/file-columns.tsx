import type { File as StoredFile, FolderEntry, Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { Download, Ellipsis, FileBraces, FileImage, FileText, Folder, type LucideIcon, File, Pencil, Trash2 } from 'lucide-react'
import type { FilesSearch } from '../search.ts'
import { formatBytes, formatExactBytes } from '../text/bytes.ts'
import { Button } from '../ui/button.tsx'
import { type Column, rowLinkClass } from '../ui/data-list.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { type PreviewKind, previewKindOf } from './media.ts'

export type FileAction = 'rename' | 'delete'

type FileColumns = {
  workspace: Workspace
  names: ReadonlyMap<string, string> | undefined
  /** What the URL says of the list, for links that open something in it. */
  place: FilesSearch
  onAct: (action: FileAction, file: StoredFile) => void
  onDownload: (file: StoredFile) => void
}

export function fileColumns({ workspace, names, place, onAct, onDownload }: FileColumns): Column<FolderEntry>[] {
  return [
    {
      header: 'Name',
      width: 'minmax(180px,2.4fr)',
      narrow: 'title',
      cell: ({ file, name, label }) => (
        <span className="flex min-w-0 items-center gap-2.5">
          <Icon file={file} />
          <Link
            to="/workspaces/$workspaceId/files"
            params={{ workspaceId: workspace.id }}
            search={file ? { ...place, id: file.id } : { path: name }}
            className={`${rowLinkClass} min-w-0 break-all`}
          >
            {label}
          </Link>
        </span>
      ),
    },
    {
      header: 'Type',
      width: 'minmax(90px,1fr)',
      narrow: 'line',
      cell: ({ file }) =>
        file ? (
          <span
            className="block truncate @max-[46rem]:inline @max-[46rem]:break-all @max-[46rem]:whitespace-normal"
            title={file.content_type}
          >
            {shortType(file.content_type)}
          </span>
        ) : (
          'Folder'
        ),
    },
    {
      header: 'Size',
      width: '80px',
      narrow: 'line',
      cell: ({ file }) =>
        file?.size_bytes == null ? <None /> : <span title={formatExactBytes(file.size_bytes)}>{formatBytes(file.size_bytes)}</span>,
    },
    {
      header: 'Uploaded by',
      width: 'minmax(90px,1fr)',
      narrow: 'line',
      cell: ({ file }) => (file ? <span className="break-words">{uploaderOf(file, names)}</span> : <None />),
    },
    { header: 'Created', width: '92px', narrow: 'line', cell: ({ file }) => (file ? <TimeAgo at={file.created_at} /> : <None />) },
    {
      header: 'Actions',
      headerHidden: true,
      width: '36px',
      narrow: 'aside',
      cell: ({ file }) =>
        file && (
          <span className="relative z-10 flex justify-end">
            <MoreMenu workspace={workspace} file={file} onAct={onAct} onDownload={onDownload} />
          </span>
        ),
    },
  ]
}

const None = () => (
  <span data-none className="text-fg-3">
    –
  </span>
)

type MoreMenuProps = Pick<FileColumns, 'workspace' | 'onAct' | 'onDownload'> & { file: StoredFile }

function MoreMenu({ workspace, file, onAct, onDownload }: MoreMenuProps) {
  const refusal = refusalOf(workspace, 'write')
  return (
    <Menu
      className="w-64"
      trigger={
        <Button size="sm" variant="ghost" square aria-label={`More for ${file.name}`}>
          <Ellipsis aria-hidden className="size-4" />
        </Button>
      }
    >
      <MenuItem icon={<Download aria-hidden />} onSelect={() => onDownload(file)}>
        Download
      </MenuItem>
      <MenuItem icon={<Pencil aria-hidden />} reason={refusal} onSelect={() => onAct('rename', file)}>
        Rename or move…
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 aria-hidden />} danger reason={refusal} onSelect={() => onAct('delete', file)}>
        Delete…
      </MenuItem>
    </Menu>
  )
}

const icons: Record<PreviewKind, LucideIcon> = { text: FileText, json: FileBraces, image: FileImage, pdf: FileText, none: File }

function Icon({ file }: { file: StoredFile | null }) {
  if (!file) return <Folder aria-hidden className="size-4 shrink-0 text-accent" />
  const Shape = icons[previewKindOf(file)]
  return <Shape aria-hidden className="size-4 shrink-0 text-fg-3" />
}

const shortType = (type: string) => (type === 'application/octet-stream' ? 'Binary' : type.split(';')[0])

/** Who it was, where that is still known. */
export function uploaderOf({ created_by }: { created_by: string | null }, names: ReadonlyMap<string, string> | undefined): string {
  if (created_by === null) return 'A program'
  return names ? (names.get(created_by) ?? 'Somebody without access now') : ''
}
