import type { Workspace } from '@freehold/contract'
import { useNavigate } from '@tanstack/react-router'
import { Archive, ArchiveRestore, ChevronDown, Download, Settings2, Snowflake, Sun, Trash2 } from 'lucide-react'
import type { OverviewSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { archiveRefusal, freezeRefusal } from './refusals.ts'

export function ActionsMenu({ workspace }: { workspace: Workspace }) {
  const navigate = useNavigate()
  const params = { workspaceId: workspace.id }
  const open = (action: OverviewSearch['action']) => void navigate({ to: '/workspaces/$workspaceId', params, search: { action } })
  const frozen = workspace.status === 'frozen'
  const archived = workspace.status === 'archived'
  return (
    <Menu
      className="w-72"
      trigger={
        <Button>
          Actions
          <ChevronDown aria-hidden className="size-3.5 text-fg-3" />
        </Button>
      }
    >
      <MenuItem icon={<Settings2 aria-hidden />} onSelect={() => void navigate({ to: '/workspaces/$workspaceId/settings', params })}>
        Settings
      </MenuItem>
      <MenuItem
        icon={frozen ? <Sun aria-hidden /> : <Snowflake aria-hidden />}
        reason={freezeRefusal(workspace)}
        onSelect={() => open(frozen ? 'unfreeze' : 'freeze')}
      >
        {frozen ? 'Unfreeze workspace…' : 'Freeze workspace…'}
      </MenuItem>
      <MenuItem icon={<Download aria-hidden />} reason="This version exports the changelog only, from its own page.">
        Export everything
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        reason={archiveRefusal(workspace)}
        onSelect={() => open(archived ? 'restore' : 'archive')}
      >
        {archived ? 'Restore workspace…' : 'Archive workspace…'}
      </MenuItem>
      <MenuItem icon={<Trash2 aria-hidden />} danger reason="This version cannot offboard a workspace. Archive it to put it away.">
        Offboard workspace
      </MenuItem>
    </Menu>
  )
}
