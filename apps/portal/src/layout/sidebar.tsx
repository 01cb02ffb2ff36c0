import { Link, useLocation } from '@tanstack/react-router'
import { ArrowLeft, BookOpen } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { useCurrentWorkspace } from './current-workspace.ts'
import { dataNav, globalNav, type NavItem, settingsEntry, settingsNav, workspaceNav, type WorkspacePath } from './nav.ts'

const itemClass =
  'flex h-8 items-center gap-2.5 rounded-sm px-2 text-fg-2 transition-colors hover:bg-hover hover:text-fg coarse:h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-fg-3'
const currentClass = 'bg-selected font-medium text-fg! [&_svg]:text-fg!'

const stay = () => undefined

export function Sidebar({ onNavigate = stay }: { onNavigate?: () => void }) {
  const workspace = useCurrentWorkspace()
  const inSettings = useLocation({ select: ({ pathname }) => /^\/workspaces\/[^/]+\/settings/.test(pathname) })
  return (
    <nav aria-label="Main" className="flex h-full flex-col gap-5 overflow-y-auto px-2.5 py-3">
      {inSettings && workspace ? (
        <>
          <Link to="/workspaces/$workspaceId" params={{ workspaceId: workspace.id }} onClick={onNavigate} className={itemClass}>
            <ArrowLeft aria-hidden className="rtl:rotate-180" />
            Back to workspace
          </Link>
          {settingsNav.map(({ group, items }) => (
            <NavGroup key={group} heading={group === 'Workspace' ? workspace.name : group}>
              {items.map((item) => (
                <WorkspaceLink key={item.to} item={item} workspaceId={workspace.id} onNavigate={onNavigate} />
              ))}
            </NavGroup>
          ))}
        </>
      ) : (
        <>
          <NavGroup heading="Overview">
            {globalNav.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  onClick={onNavigate}
                  activeOptions={{ exact: true, includeSearch: false }}
                  activeProps={{ className: currentClass }}
                  className={itemClass}
                >
                  <Icon aria-hidden />
                  {label}
                </Link>
              </li>
            ))}
          </NavGroup>
          {workspace && (
            <>
              <NavGroup heading={workspace.name}>
                {workspaceNav.map((item) => (
                  <WorkspaceLink key={item.to} item={item} workspaceId={workspace.id} onNavigate={onNavigate} />
                ))}
              </NavGroup>
              <NavGroup heading="Data">
                {dataNav.map((item) => (
                  <WorkspaceLink key={item.to} item={item} workspaceId={workspace.id} onNavigate={onNavigate} withPagesBelow />
                ))}
              </NavGroup>
            </>
          )}
          <ul className="mt-auto">
            {workspace && <WorkspaceLink item={settingsEntry} workspaceId={workspace.id} onNavigate={onNavigate} />}
            <li>
              <a href="/docs" className={itemClass}>
                <BookOpen aria-hidden />
                Docs
              </a>
            </li>
          </ul>
        </>
      )}
    </nav>
  )
}

function NavGroup({ heading, children }: { heading: string; children: ReactNode }) {
  const id = useId()
  return (
    <div>
      <div id={id} className="truncate px-2 pb-1 text-xs text-fg-3">
        {heading}
      </div>
      <ul aria-labelledby={id} className="grid gap-px">
        {children}
      </ul>
    </div>
  )
}

type WorkspaceLinkProps = { item: NavItem<WorkspacePath>; workspaceId: string; onNavigate: () => void; withPagesBelow?: boolean }

function WorkspaceLink({ item: { to, label, icon: Icon }, workspaceId, onNavigate, withPagesBelow = false }: WorkspaceLinkProps) {
  return (
    <li>
      <Link
        to={to}
        params={{ workspaceId }}
        onClick={onNavigate}
        activeOptions={{ exact: !withPagesBelow, includeSearch: false }}
        activeProps={{ className: currentClass }}
        className={itemClass}
      >
        <Icon aria-hidden />
        {label}
      </Link>
    </li>
  )
}
