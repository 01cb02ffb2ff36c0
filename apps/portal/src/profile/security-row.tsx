import type { ReactNode } from 'react'

type SecurityRowProps = { icon: ReactNode; title: string; badge?: ReactNode; actions?: ReactNode; children: ReactNode }

export function SecurityRow({ icon, title, badge, actions, children }: SecurityRowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <span aria-hidden className="self-start pt-0.5 text-fg-3 [&_svg]:size-4">
        {icon}
      </span>
      <div className="min-w-0 flex-1 basis-56">
        <h3 className="flex flex-wrap items-center gap-2 font-medium">
          {title}
          {badge}
        </h3>
        <p className="mt-0.5 text-xs text-pretty break-words text-fg-3">{children}</p>
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  )
}
