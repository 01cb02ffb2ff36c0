import { Dialog } from '@base-ui/react/dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { KeyRound, Keyboard, LogOut, Plus, Snowflake, UserRound } from 'lucide-react'
import { useState } from 'react'
import { accountsQuery } from '../api/accounts.ts'
import { workspacesQuery } from '../api/workspaces.ts'
import { Keys } from '../ui/kbd.tsx'
import { type SearchGroup, type SearchItem, SearchList } from '../ui/search-list.tsx'
import { Dot, labelOf, toneOf } from '../ui/status.tsx'
import { createRefusal } from '../workspace/create-refusal.ts'
import { useCurrentWorkspace } from './current-workspace.ts'
import { dataNav, globalNav, settingsNav, workspaceNav } from './nav.ts'
import { useSignOut } from './sign-out.ts'
import { setTheme } from './theme.ts'
import { themes } from './user-menu.tsx'

type CommandMenuProps = { onClose: () => void; onShortcuts: () => void }

/** Everything one can go to or do, by typing. */
export default function CommandMenu({ onClose, onShortcuts }: CommandMenuProps) {
  const [text, setText] = useState('')
  const groups = useCommands(text.trim(), onClose, onShortcuts)
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim fixed inset-0 z-40 bg-scrim" />
        <Dialog.Viewport className="fixed inset-0 z-40 flex items-start justify-center p-3 pt-[10vh]">
          <Dialog.Popup className="dialog w-full max-w-[560px] overflow-hidden rounded-xl bg-raised shadow-modal outline-none">
            <Dialog.Title className="sr-only">Command menu</Dialog.Title>
            <SearchList
              label="Search pages, actions and workspaces"
              placeholder="Search pages, actions and workspaces…"
              text={text}
              onText={setText}
              groups={groups}
              empty={`Nothing matches “${text.trim()}”.`}
            />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function useCommands(text: string, onClose: () => void, onShortcuts: () => void): SearchGroup[] {
  const navigate = useNavigate()
  const signOut = useSignOut()
  const workspace = useCurrentWorkspace()
  const refusal = createRefusal(useQuery(accountsQuery).data)
  const found = useQuery({ ...workspacesQuery({ q: text || undefined }), placeholderData: keepPreviousData })
  const closing = (act: () => void) => () => {
    onClose()
    act()
  }
  const matches = ({ label }: SearchItem) => label.toLowerCase().includes(text.toLowerCase())

  const pages: SearchItem[] = [
    ...globalNav.map(({ to, label, icon: Icon, keys }) => ({
      id: to,
      label,
      icon: <Icon aria-hidden />,
      hint: keys && <Keys keys={keys} />,
      onSelect: closing(() => void navigate({ to })),
    })),
    ...(workspace ? [...workspaceNav, ...dataNav, ...settingsNav.flatMap(({ items }) => items)] : []).map(
      ({ to, label, icon: Icon, keys }) => ({
        id: to,
        label: `${workspace?.name}: ${label}`,
        icon: <Icon aria-hidden />,
        hint: keys && <Keys keys={keys} />,
        onSelect: closing(() => void navigate({ to, params: { workspaceId: workspace?.id ?? '' } })),
      }),
    ),
    { id: 'me', label: 'Your profile', icon: <UserRound aria-hidden />, onSelect: closing(() => void navigate({ to: '/me' })) },
  ]

  const actions: SearchItem[] = [
    {
      id: 'create',
      label: 'Create workspace',
      icon: <Plus aria-hidden />,
      hint: refusal ? 'Not permitted' : undefined,
      onSelect: closing(() => void navigate({ to: '/workspaces', search: refusal ? {} : { new: true } })),
    },
    ...themes.map(({ value, label, icon: Icon }) => ({
      id: `theme-${value}`,
      label: value === 'system' ? 'Use the system theme' : `Use the ${label.toLowerCase()} theme`,
      icon: <Icon aria-hidden />,
      onSelect: closing(() => setTheme(value)),
    })),
    { id: 'keys', label: 'Keyboard shortcuts', icon: <Keyboard aria-hidden />, hint: <Keys keys="?" />, onSelect: closing(onShortcuts) },
    { id: 'sign-out', label: 'Sign out', icon: <LogOut aria-hidden />, onSelect: closing(() => void signOut()) },
  ]
  if (workspace?.permissions.includes('manage_members')) {
    actions.splice(1, 0, {
      id: 'create-key',
      label: `Create an API key in ${workspace.name}`,
      icon: <KeyRound aria-hidden />,
      onSelect: closing(
        () =>
          void navigate({ to: '/workspaces/$workspaceId/settings/api-keys', params: { workspaceId: workspace.id }, search: { new: true } }),
      ),
    })
  }
  if (workspace?.permissions.includes('administer') && (workspace.status === 'active' || workspace.status === 'frozen')) {
    const action = workspace.status === 'active' ? 'freeze' : 'unfreeze'
    actions.splice(2, 0, {
      id: 'freeze',
      label: `${action === 'freeze' ? 'Freeze' : 'Unfreeze'} ${workspace.name}…`,
      icon: <Snowflake aria-hidden />,
      onSelect: closing(() => void navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: workspace.id }, search: { action } })),
    })
  }

  const workspaces = (found.data?.items ?? []).slice(0, 8).map(({ id, name, slug, status }) => ({
    id,
    label: name,
    hint: slug,
    icon: (
      <>
        <Dot tone={toneOf(status)} />
        <span className="sr-only">{labelOf(status)}: </span>
      </>
    ),
    onSelect: closing(() => void navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: id } })),
  }))

  return [
    { heading: 'Go to', items: pages.filter(matches) },
    { heading: 'Do', items: actions.filter(matches) },
    { heading: 'Workspaces', items: workspaces },
  ]
}
