import type { Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { Files, FolderOpen, Upload } from 'lucide-react'
import { uploadCommand } from '../api/files.ts'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Empty } from '../ui/empty.tsx'
import { refusalOf } from '../workspace/refusals.ts'

type NoFilesYetProps = { workspace: Workspace; path: string; onUpload: () => void }

/** An empty folder, which is a place to drop something. */
export function NoFilesYet({ workspace, path, onUpload }: NoFilesYetProps) {
  const refusal = refusalOf(workspace, 'write')
  const hint = refusal ? '' : ' Drop files or whole folders here, choose them, or send them by a command:'
  return (
    <div className="mt-4 rounded-lg border-2 border-dashed border-line-2">
      <Empty
        icon={path ? <FolderOpen /> : <Files />}
        title={path ? 'Nothing in this folder' : 'No files yet'}
        body={
          path
            ? `A folder is there as long as a file is in it.${hint}`
            : `What people, agents and apps put into this workspace is kept here, with its older versions.${hint}`
        }
        actions={
          <Button reason={refusal} onClick={onUpload}>
            <Upload aria-hidden className="size-4" />
            Choose files
          </Button>
        }
      >
        <CodeSnippet label="Upload from a terminal" code={uploadCommand(workspace.id, path)} />
        <p className="mt-2 text-xs text-fg-3">
          <code>FREEHOLD_TOKEN</code> is a{' '}
          <Link to="/me" search={{ new: true }} className="underline underline-offset-2 hover:text-fg">
            personal access token
          </Link>{' '}
          or an API key.
        </p>
      </Empty>
    </div>
  )
}
