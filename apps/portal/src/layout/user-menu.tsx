import type { Me } from '@freehold/contract'
import { useNavigate } from '@tanstack/react-router'
import { Command, Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { commandKey } from '../text/words.ts'
import { Avatar, initialsOf } from '../ui/avatar.tsx'
import { Menu, MenuItem, MenuRadioGroup, MenuRadioItem, MenuSeparator } from '../ui/menu.tsx'
import { useSignOut } from './sign-out.ts'
import { setTheme, type Theme, useTheme } from './theme.ts'

export const themes: readonly { value: Theme; label: string; icon: typeof Sun }[] = [
  { value: 'system', label: 'System theme', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
]

type UserMenuProps = { me: Me; onCommands: () => void; onShortcuts: () => void }

export function UserMenu({ me, onCommands, onShortcuts }: UserMenuProps) {
  const navigate = useNavigate()
  const signOut = useSignOut()
  const theme = useTheme()
  return (
    <Menu
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={`${initialsOf(me.label)}: menu of ${me.label}`}
          className="grid size-8 place-items-center rounded-full coarse:size-10"
        >
          <Avatar name={me.label} />
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-2">
        <div className="truncate font-medium">{me.label}</div>
        {me.email && <div className="truncate text-xs text-fg-3">{me.email}</div>}
      </div>
      <MenuSeparator />
      <MenuItem icon={<UserRound aria-hidden />} onSelect={() => void navigate({ to: '/me' })}>
        Your profile
      </MenuItem>
      <MenuItem icon={<Command aria-hidden />} keys={`${commandKey} K`} onSelect={onCommands}>
        Command menu
      </MenuItem>
      <MenuItem icon={<Keyboard aria-hidden />} keys="?" onSelect={onShortcuts}>
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuRadioGroup value={theme} onValueChange={setTheme}>
        {themes.map(({ value, label, icon: Icon }) => (
          <MenuRadioItem key={value} value={value} icon={<Icon aria-hidden />}>
            {label}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
