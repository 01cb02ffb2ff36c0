import { type ReactNode, useEffect } from 'react'

type PageProps = {
  title: string
  /** Goes before the title in the name of the tab, where several pages share one title. */
  part?: string | undefined
  badge?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** A page of the shell: one heading, which takes the focus after a navigation and names the tab. */
export function Page({ title, part, badge, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${part ? `${part} · ` : ''}${title} · Freehold`
  }, [title, part])

  return (
    <div className="mx-auto w-full max-w-[1180px] px-4 pt-6 pb-16 md:px-8 md:pt-8">
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-2.5">
            <h1 id="page-title" tabIndex={-1} className="min-w-0 text-xl font-semibold tracking-[-0.018em] break-words outline-none">
              {title}
            </h1>
            {badge}
          </div>
          {lead && <div className="mt-1 text-pretty text-fg-2">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2 max-sm:basis-full">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
