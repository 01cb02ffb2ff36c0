import { type ReactNode, useEffect } from 'react'
import { Mark } from '../ui/mark.tsx'

/** The card of the pages in front of the sign-in. */
export function AuthFrame({
  title,
  lead,
  version,
  children,
}: {
  title: string
  lead?: ReactNode
  version?: string | undefined
  children: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Freehold`
  }, [title])
  return (
    <div className="flex min-h-dvh flex-col bg-chrome">
      <main className="mx-auto flex w-full max-w-[424px] flex-1 flex-col justify-center px-4 py-10">
        <div className="rounded-xl bg-surface p-6 shadow-pop sm:p-8">
          <Mark className="size-9" />
          <h1 id="page-title" tabIndex={-1} className="mt-6 text-xl font-semibold tracking-[-0.018em] outline-none">
            {title}
          </h1>
          {lead && <p className="mt-1 text-pretty text-fg-2">{lead}</p>}
          {children}
        </div>
      </main>
      <footer className="pb-6 text-center text-xs text-fg-3">
        <span>{location.host}</span>
        {version && <span> · Freehold {version}</span>}
      </footer>
    </div>
  )
}
