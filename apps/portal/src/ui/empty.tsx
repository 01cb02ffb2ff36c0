import { clsx } from 'clsx'
import type { ReactNode } from 'react'

type EmptyProps = { icon?: ReactNode; title: string; body: ReactNode; children?: ReactNode; actions?: ReactNode; level?: 'h2' | 'h3' }

/** A place with nothing in it yet: what belongs here and how to put it here. At level `h3` it is inside a card, and smaller. */
export function Empty({ icon, title, body, children, actions, level: Heading = 'h2' }: EmptyProps) {
  return (
    <div
      className={clsx(
        'flex min-w-0 flex-col items-start gap-4',
        Heading === 'h2' ? 'mx-auto max-w-xl px-5 py-8 md:py-12' : 'max-w-2xl p-4',
      )}
    >
      {icon && (
        <span
          aria-hidden
          className="grid size-9 place-items-center rounded-md bg-surface text-fg-2 shadow-control ring-1 ring-line-2 [&_svg]:size-[18px]"
        >
          {icon}
        </span>
      )}
      <div>
        <Heading className={Heading === 'h2' ? 'text-md font-semibold' : 'font-medium'}>{title}</Heading>
        <p className="mt-1 text-pretty text-fg-2">{body}</p>
      </div>
      {children && <div className="w-full min-w-0">{children}</div>}
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}
