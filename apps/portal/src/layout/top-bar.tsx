import type { Me } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { MenuIcon, Search } from 'lucide-react'
import { commandKey, onApple } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Mark } from '../ui/mark.tsx'
import { LiveDot } from './live-dot.tsx'
import { Switcher } from './switcher.tsx'
import { UserMenu } from './user-menu.tsx'

type TopBarProps = { me: Me; onDrawer: () => void; onCommands: () => void; onShortcuts: () => void }

export function TopBar({ me, onDrawer, onCommands, onShortcuts }: TopBarProps) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 px-2.5 md:px-3.5">
      <Button variant="ghost" square aria-label="Open navigation" onClick={onDrawer} className="md:hidden">
        <MenuIcon aria-hidden className="size-[18px]" />
      </Button>
      <Link to="/workspaces" aria-label="Freehold home" className="me-1 hidden rounded-sm p-1 md:block">
        <Mark />
      </Link>
      <span aria-hidden className="hidden text-fg-3 md:inline">
        /
      </span>
      <Switcher />
      <div className="ms-auto flex items-center gap-1">
        <button
          type="button"
          onClick={onCommands}
          aria-keyshortcuts={onApple ? 'Meta+K' : 'Control+K'}
          className="me-1 hidden h-8 w-60 items-center gap-2 rounded-sm bg-surface px-2.5 text-sm text-fg-3 shadow-control ring-1 ring-line ring-inset hover:ring-line-2 lg:flex"
        >
          <Search aria-hidden className="size-3.5" />
          <span className="flex-1 text-start">Search or jump to…</span>
          <span aria-hidden className="flex gap-1">
            <Kbd>{commandKey}</Kbd>
            <Kbd>K</Kbd>
          </span>
        </button>
        <Button variant="ghost" square aria-label="Search or jump to" onClick={onCommands} className="lg:hidden">
          <Search aria-hidden className="size-[18px]" />
        </Button>
        <LiveDot />
        <UserMenu me={me} onCommands={onCommands} onShortcuts={onShortcuts} />
      </div>
    </header>
  )
}
