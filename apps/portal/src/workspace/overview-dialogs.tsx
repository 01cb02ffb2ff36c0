import type { Workspace } from '@freehold/contract'
import { useNavigate } from '@tanstack/react-router'
import { client } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { runQuery, workspaceQuery } from '../api/workspaces.ts'
import type { OverviewSearch } from '../search.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toast-store.ts'
import { archiveRefusal, freezeRefusal, refusalOf } from './refusals.ts'

type OverviewDialogsProps = { workspace: Workspace; action: OverviewSearch['action']; onClose: () => void }

export function OverviewDialogs({ workspace, action, onClose }: OverviewDialogsProps) {
  const navigate = useNavigate()
  const mayFreeze = freezeRefusal(workspace) === undefined
  const mayArchive = archiveRefusal(workspace) === undefined
  const mayCancel = refusalOf(workspace, 'administer', { whileFrozen: true }) === undefined && workspace.provisioning_run_id !== null

  // Never shown before it is true: a freeze holds only once the server has said so.
  const refresh = async (title: string) => {
    await queryClient.invalidateQueries({ queryKey: workspaceQuery(workspace.id).queryKey, exact: true })
    void queryClient.invalidateQueries({ queryKey: workspaceQuery(workspace.id).queryKey })
    void queryClient.invalidateQueries({ queryKey: ['workspaces'] })
    showToast({ title })
  }
  const setStatus = async (status: 'active' | 'frozen') => {
    await client.setWorkspaceStatus({ workspace_id: workspace.id, status })
    await refresh(status === 'frozen' ? `${workspace.name} is frozen` : `${workspace.name} takes writes again`)
  }

  const cancelRun = async () => {
    const runId = workspace.provisioning_run_id
    if (!runId) return
    queryClient.setQueryData(runQuery(runId).queryKey, await client.cancelRun({ run_id: runId }))
    void queryClient.invalidateQueries({ queryKey: ['workspaces'] })
    showToast({ title: `${workspace.name} is being deleted` })
    await navigate({ to: '/workspaces' })
  }

  return (
    <>
      <ConfirmDialog
        open={action === 'freeze' && mayFreeze && workspace.status === 'active'}
        onClose={onClose}
        title={`Freeze ${workspace.name}?`}
        consequence="Every change is refused from the moment it is frozen: settings, new keys, environments, and everything that its keys write. Reading, the changelog and revoking access go on. You can unfreeze it at any time."
        confirm="Freeze workspace"
        run={() => setStatus('frozen')}
      />
      <ConfirmDialog
        open={action === 'unfreeze' && mayFreeze && workspace.status === 'frozen'}
        onClose={onClose}
        title={`Unfreeze ${workspace.name}?`}
        consequence="Changes are accepted again at once, from people and from API keys alike."
        confirm="Unfreeze workspace"
        run={() => setStatus('active')}
      />
      <ConfirmDialog
        open={action === 'archive' && mayArchive && workspace.status !== 'archived'}
        onClose={onClose}
        title={`Archive ${workspace.name}?`}
        consequence="From the next request on people, API keys and access tokens are refused, for reading too. All data is kept, and the changelog can still be read. You can restore it at any time."
        confirm="Archive workspace"
        run={async () => {
          await client.archiveWorkspace({ workspace_id: workspace.id })
          await refresh(`${workspace.name} is archived`)
        }}
      />
      <ConfirmDialog
        open={action === 'restore' && mayArchive && workspace.status === 'archived'}
        onClose={onClose}
        title={`Restore ${workspace.name}?`}
        consequence="It becomes what it was before it was archived. API keys and access tokens that have not ended work again at once."
        confirm="Restore workspace"
        run={async () => {
          await client.restoreWorkspace({ workspace_id: workspace.id })
          await refresh(`${workspace.name} is restored`)
        }}
      />
      <ConfirmDialog
        open={action === 'cancel' && mayCancel}
        onClose={onClose}
        danger
        title={`Cancel provisioning and delete ${workspace.name}?`}
        consequence={`What the run has made is undone and the workspace is deleted. The slug ${workspace.slug} can never be used again.`}
        confirm="Delete workspace"
        run={cancelRun}
      />
    </>
  )
}
