import { type ReactNode, useEffect } from 'react'
import { CopyButton } from './copy-button.tsx'

type FaultPageProps = { title: string; children: ReactNode; actions: ReactNode; requestId?: string | undefined }

/** Instead of a page that cannot be shown: what happened, what to do, and the request to ask about. */
export function FaultPage({ title, children, actions, requestId }: FaultPageProps) {
  useEffect(() => {
    document.title = `${title} · Freehold`
  }, [title])
  return (
    <div className="mx-auto max-w-lg px-6 py-20">
      <h1 id="page-title" tabIndex={-1} className="text-xl font-semibold tracking-[-0.018em] outline-none">
        {title}
      </h1>
      <p className="mt-2 text-pretty text-fg-2">{children}</p>
      {requestId && (
        <p className="mt-2 flex flex-wrap items-center gap-2 text-xs text-fg-3">
          Request <CopyButton value={requestId} text={requestId} label="Copy request ID" />
        </p>
      )}
      <div className="mt-5 flex flex-wrap gap-2">{actions}</div>
    </div>
  )
}
