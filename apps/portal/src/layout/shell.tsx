import { useQuery } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useState } from 'react'
import { meQuery } from '../api/identity.ts'
import { useLiveUpdates } from '../api/live.ts'
import { useSessionState } from '../api/session.ts'
import { Toaster } from '../ui/toaster.tsx'
import { TipProvider } from '../ui/tooltip.tsx'
import { useShortcuts } from './shortcuts.ts'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'

const CommandMenu = lazy(() => import('./command-menu.tsx'))
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx'))
const ReloginDialog = lazy(() => import('./relogin-dialog.tsx'))
const Drawer = lazy(() => import('./drawer.tsx'))

/** The frame around every page behind the sign-in. */
export default function Shell() {
  const { data: me } = useQuery(meQuery)
  const session = useSessionState()
  const [drawer, setDrawer] = useState(false)
  const [overlay, setOverlay] = useState<'commands' | 'shortcuts'>()
  const close = useCallback(() => setOverlay(undefined), [])
  const openCommands = useCallback(() => setOverlay('commands'), [])
  const openShortcuts = useCallback(() => setOverlay('shortcuts'), [])
  useLiveUpdates(session === 'signed-in')
  useShortcuts({ onCommands: openCommands, onShortcuts: openShortcuts })
  if (!me) return null

  return (
    <TipProvider>
      <div className="flex h-dvh flex-col">
        <a
          href="#main"
          onClick={(event) => {
            event.preventDefault()
            document.getElementById('main')?.focus()
          }}
          className="fixed start-3 -top-12 z-50 rounded-sm bg-ink px-3 py-2 text-ink-fg focus:top-2"
        >
          Skip to content
        </a>
        <TopBar me={me} onDrawer={() => setDrawer(true)} onCommands={openCommands} onShortcuts={openShortcuts} />
        <div className="flex min-h-0 flex-1">
          <div className="hidden w-[228px] shrink-0 md:block">
            <Sidebar />
          </div>
          <main
            id="main"
            tabIndex={-1}
            className="min-w-0 flex-1 overflow-y-auto overscroll-contain border-t border-line bg-surface outline-none md:rounded-ss-xl md:border-s"
          >
            <Outlet />
          </main>
        </div>
      </div>
      <Toaster />
      <Suspense fallback={null}>
        {drawer && <Drawer open onClose={() => setDrawer(false)} />}
        {overlay === 'commands' && <CommandMenu onClose={close} onShortcuts={openShortcuts} />}
        {overlay === 'shortcuts' && <ShortcutsDialog onClose={close} />}
        {session === 'expired' && <ReloginDialog me={me} />}
      </Suspense>
    </TipProvider>
  )
}
