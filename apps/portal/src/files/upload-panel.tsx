import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, RotateCw, X } from 'lucide-react'
import { folderOf } from '../api/files.ts'
import { formatBytes } from '../text/bytes.ts'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Progress } from '../ui/progress.tsx'
import { Prose } from '../ui/prose.tsx'
import { cancelUpload, clearDone, retryUpload, type Upload, useUploads } from './uploads.ts'

/** What is being uploaded into a workspace, and what has been since the page was loaded. */
export function UploadPanel({ workspaceId }: { workspaceId: string }) {
  const uploads = useUploads().filter((upload) => upload.workspaceId === workspaceId)
  if (uploads.length === 0) return null
  const open = uploads.filter(({ state }) => state !== 'done' && state !== 'failed')
  const done = uploads.filter(({ state }) => state === 'done')
  const failed = uploads.length - open.length - done.length
  const summary = [
    open.length > 0 && `${plural(open.length, 'file')} to go`,
    done.length > 0 && `${plural(done.length, 'file')} uploaded`,
    failed > 0 && `${failed} failed`,
  ]
  return (
    <section aria-label="Uploads" className="mt-4 overflow-hidden rounded-lg bg-surface ring-1 ring-line">
      <header className="hairline flex min-h-11 flex-wrap items-center justify-between gap-3 px-4">
        <h2 className="text-sm font-semibold">Uploads</h2>
        <span role="status" className="flex-1 text-xs text-fg-3">
          {summary.filter(Boolean).join(', ')}
        </span>
        {done.length > 0 && (
          <Button size="sm" variant="ghost" onClick={() => clearDone(workspaceId)}>
            Clear finished
          </Button>
        )}
      </header>
      <ul className="max-h-72 divide-y divide-line overflow-y-auto">
        {uploads.map((upload) => (
          <UploadLine key={upload.id} upload={upload} />
        ))}
      </ul>
    </section>
  )
}

function UploadLine({ upload }: { upload: Upload }) {
  const { id, workspaceId, name, sizeBytes, sentBytes, state, fileId, resumable } = upload
  const hasProgress = state !== 'done' && (state !== 'failed' || resumable)
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-3">
          {fileId ? (
            <Link
              to="/workspaces/$workspaceId/files"
              params={{ workspaceId }}
              search={{ path: folderOf(name) || undefined, id: fileId }}
              className="min-w-0 truncate font-medium hover:underline"
            >
              {name}
            </Link>
          ) : (
            <span className="min-w-0 truncate font-medium">{name}</span>
          )}
          <span className="tnum shrink-0 text-xs text-fg-3">
            {hasProgress ? `${formatBytes(sentBytes)} of ${formatBytes(sizeBytes)}` : formatBytes(sizeBytes)}
          </span>
        </div>
        {hasProgress && (
          <div className="my-1.5">
            <Progress label={`Upload of ${name}`} value={sentBytes} max={sizeBytes} idle={state !== 'sending'} />
          </div>
        )}
        <Note upload={upload} />
      </div>
      {state === 'failed' && (
        <Button size="sm" aria-label={`${resumable ? 'Resume' : 'Retry'} ${name}`} onClick={() => retryUpload(id)}>
          <RotateCw aria-hidden className="size-3.5" />
          {resumable ? 'Resume' : 'Retry'}
        </Button>
      )}
      {state === 'done' ? (
        <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" />
      ) : (
        <Button size="sm" variant="ghost" square aria-label={`Cancel ${name}`} onClick={() => cancelUpload(id)}>
          <X aria-hidden className="size-4" />
        </Button>
      )}
    </li>
  )
}

function Note({ upload: { state, version = 1, fault, resumable } }: { upload: Upload }) {
  if (state === 'failed') {
    return (
      <p role="alert" className="flex gap-1.5 text-xs text-pretty text-bad">
        <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
        <span>
          <Prose>{fault ?? ''}</Prose>
          {resumable && ' What has come is kept.'}
        </span>
      </p>
    )
  }
  if (state === 'waiting') return <p className="text-xs text-warn">The connection broke. It goes on by itself, from where it was.</p>
  if (version > 1) {
    return (
      <p className="text-xs text-fg-3">
        {state === 'done'
          ? `Version ${version}: there was a file of this name. What it was before is kept for 30 days.`
          : `There is a file of this name: this becomes its version ${version}.`}
      </p>
    )
  }
  return state === 'queued' ? <p className="text-xs text-fg-3">Waits for its turn</p> : null
}
