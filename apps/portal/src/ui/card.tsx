import { type ReactNode, useId } from 'react'

type CardProps = { title: string; action?: ReactNode; children: ReactNode; padded?: boolean }

export function Card({ title, action, children, padded = false }: CardProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="min-w-0 overflow-hidden rounded-lg bg-surface ring-1 ring-line">
      <header className="hairline flex min-h-11 items-center justify-between gap-3 px-4">
        <h2 id={id} className="text-sm font-semibold">
          {title}
        </h2>
        {action}
      </header>
      <div className={padded ? 'p-4' : undefined}>{children}</div>
    </section>
  )
}

export const cardLinkClass = '-me-1.5 rounded-xs px-1.5 py-1 text-xs text-fg-3 hover:bg-hover hover:text-fg coarse:py-2.5'
