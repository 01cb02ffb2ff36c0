import type { Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { client } from '../api/client.ts'
import { fileQuery, labelOf, type LoadedFile, refreshFiles } from '../api/files.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useLast } from '../ui/once.ts'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import type { FileAction } from './file-columns.tsx'

const FilePanel = lazy(() => import('./file-panel.tsx'))
const RenameDialog = lazy(() => import('./rename-dialog.tsx'))

type FileDialogsProps = {
  workspace: Workspace
  fileId: string | undefined
  action: string | undefined
  onAct: (action: FileAction) => void
  /** Back to the list. */
  onClose: () => void
  onMoved: (name: string) => void
  onDeleted: () => void
  onDownload: (file: LoadedFile) => void
}

/** What is open about a file: its panel, or a dialog in place of the panel. */
export function FileDialogs({ workspace, fileId, action, onAct, onClose, onMoved, onDeleted, onDownload }: FileDialogsProps) {
  const mayWrite = !refusalOf(workspace, 'write')
  const isActing = mayWrite && (action === 'rename' || action === 'delete')
  const shown = useLast(fileId)
  const file = useQuery({ ...fileQuery(workspace.id, fileId ?? ''), enabled: Boolean(fileId) && isActing }).data
  return (
    <Suspense fallback={null}>
      {shown && (
        <FilePanel
          key={shown}
          open={fileId !== undefined && !isActing}
          workspace={workspace}
          fileId={shown}
          onClose={onClose}
          onAct={onAct}
          onDownload={onDownload}
        />
      )}
      {isActing && file && action === 'rename' && <RenameDialog workspace={workspace} file={file} onClose={onClose} onMoved={onMoved} />}
      {isActing && file && action === 'delete' && (
        <ConfirmDialog
          open
          danger
          onClose={onClose}
          title={`Delete ${labelOf(file.name)}?`}
          consequence="This cannot be undone. What will be lost:"
          confirm="Delete file"
          run={async () => {
            await client.deleteFile({ workspace_id: workspace.id, file_id: file.id }, file.etag ? { ifMatch: file.etag } : {})
            showToast({ title: `${labelOf(file.name)} is deleted` })
            onDeleted()
            await refreshFiles(workspace.id)
          }}
        >
          <ul className="list-disc ps-5 text-pretty text-fg-2">
            <li>{file.version === 1 ? 'its bytes' : 'its bytes, and all of its older versions'}</li>
            <li>download links that were made for it: they answer 404 from now on</li>
          </ul>
        </ConfirmDialog>
      )}
    </Suspense>
  )
}
