import { Popover } from '@base-ui/react/popover'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { ChevronsUpDown, Plus } from 'lucide-react'
import { useState } from 'react'
import { accountsQuery } from '../api/accounts.ts'
import { describeProblem } from '../api/problem.ts'
import { workspacesQuery } from '../api/workspaces.ts'
import { SearchList } from '../ui/search-list.tsx'
import { Dot, labelOf, toneOf } from '../ui/status.tsx'
import { createRefusal } from '../workspace/create-refusal.ts'
import { useCurrentWorkspace } from './current-workspace.ts'
import { sectionOf } from './nav.ts'

export function Switcher() {
  const [open, setOpen] = useState(false)
  const workspace = useCurrentWorkspace()
  const accounts = useQuery(accountsQuery)
  const account = accounts.data?.find(({ id }) => id === workspace?.account_id)
  const path = [account?.name, workspace?.name].filter(Boolean).join(' / ')
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={workspace ? `${path}. Switch workspace` : 'Select a workspace'}
        className="flex h-8 min-w-0 items-center gap-2 rounded-sm px-2 text-sm hover:bg-hover data-popup-open:bg-hover coarse:h-10"
      >
        {workspace ? (
          <>
            {account && (
              <>
                <span className="max-w-48 truncate text-fg-2 max-sm:hidden">{account.name}</span>
                <span aria-hidden className="text-fg-3 max-sm:hidden">
                  /
                </span>
              </>
            )}
            <span className="truncate font-medium">{workspace.name}</span>
          </>
        ) : (
          <span className="truncate text-fg-2">Select a workspace</span>
        )}
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-fg-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={6} className="z-50 outline-none">
          <Popover.Popup
            aria-label="Switch workspace"
            className="pop w-[min(340px,calc(100vw-1.5rem))] overflow-hidden rounded-lg bg-raised shadow-pop outline-none"
          >
            <WorkspacePicker onDone={() => setOpen(false)} current={workspace?.id} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function WorkspacePicker({ onDone, current }: { onDone: () => void; current: string | undefined }) {
  const [text, setText] = useState('')
  const navigate = useNavigate()
  const section = useLocation({ select: ({ pathname }) => sectionOf(pathname) })
  const accounts = useQuery(accountsQuery)
  const found = useQuery({ ...workspacesQuery({ q: text.trim() || undefined }), placeholderData: keepPreviousData })
  const refusal = createRefusal(accounts.data)
  const accountName = (id: string) => accounts.data?.find((account) => account.id === id)?.name

  const items = (found.data?.items ?? []).map(({ id, name, status, account_id }) => ({
    id,
    label: name,
    current: id === current,
    icon: (
      <>
        <Dot tone={toneOf(status)} />
        <span className="sr-only">{labelOf(status)}: </span>
      </>
    ),
    hint: id === current ? 'Here now' : accountName(account_id),
    onSelect: () => {
      onDone()
      void navigate({ to: section, params: { workspaceId: id } })
    },
  }))

  const create = () => {
    onDone()
    void navigate({ to: '/workspaces', search: { new: true } })
  }

  return (
    <>
      <SearchList
        label="Find a workspace"
        placeholder="Find a workspace…"
        text={text}
        onText={setText}
        groups={[{ heading: 'Workspaces', items }]}
        empty={emptyText(found.isPending, found.error, text, refusal)}
      />
      <div className="border-t border-line p-1.5">
        <button
          type="button"
          disabled={Boolean(refusal)}
          onClick={create}
          className="flex min-h-9 w-full items-center gap-2.5 rounded-sm px-2 text-start text-sm hover:bg-hover disabled:text-fg-3 disabled:hover:bg-transparent coarse:min-h-11"
        >
          <Plus aria-hidden className="size-4 shrink-0 text-fg-3" />
          <span>
            Create workspace
            {refusal && <span className="block text-xs text-pretty">{refusal}</span>}
          </span>
        </button>
      </div>
    </>
  )
}

function emptyText(pending: boolean, error: Error | null, text: string, refusal: string | undefined): string {
  if (error) return `Could not load workspaces. ${describeProblem(error)}`
  if (pending) return 'Loading…'
  if (text.trim()) return `No workspace matches “${text.trim()}”.`
  return refusal
    ? 'No workspace has been shared with you yet. Ask an administrator for access.'
    : 'There is no workspace yet. Create the first one.'
}
