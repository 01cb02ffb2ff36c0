import { Link } from '@tanstack/react-router'
import { ChevronRight, House } from 'lucide-react'
import type { ReactNode } from 'react'

/** Where a folder is, each part a way there. */
export function Breadcrumbs({ workspaceId, path }: { workspaceId: string; path: string }) {
  const segments = path.split('/').filter(Boolean)
  return (
    <nav aria-label="Folders" className="-ms-1.5 min-w-0 grow basis-80">
      <ol className="flex flex-wrap items-center gap-x-0.5 text-sm">
        <li>
          <Crumb workspaceId={workspaceId} path="" current={segments.length === 0}>
            <House aria-hidden className="size-3.5" />
            All files
          </Crumb>
        </li>
        {segments.map((segment, index) => (
          <li key={index} className="flex min-w-0 items-center gap-0.5">
            <ChevronRight aria-hidden className="size-3.5 shrink-0 text-fg-3 rtl:rotate-180" />
            <Crumb workspaceId={workspaceId} path={`${segments.slice(0, index + 1).join('/')}/`} current={index === segments.length - 1}>
              {segment}
            </Crumb>
          </li>
        ))}
      </ol>
    </nav>
  )
}

type CrumbProps = { workspaceId: string; path: string; current: boolean; children: ReactNode }

function Crumb({ workspaceId, path, current, children }: CrumbProps) {
  return (
    <Link
      to="/workspaces/$workspaceId/files"
      params={{ workspaceId }}
      search={path ? { path } : {}}
      aria-current={current ? 'page' : undefined}
      className={`inline-flex min-h-7 min-w-0 items-center gap-1.5 rounded-xs px-1.5 break-all hover:bg-hover coarse:min-h-10 ${current ? 'font-medium text-fg' : 'text-fg-2 hover:text-fg'}`}
    >
      {children}
    </Link>
  )
}
