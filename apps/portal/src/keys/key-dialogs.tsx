import type { ApiKey, Workspace } from '@freehold/contract'
import { lazy, Suspense } from 'react'
import { client } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { apiKeysQuery } from '../api/workspaces.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import type { NewKey } from './create-key-dialog.tsx'
import { rotationRefusal } from './key-columns.tsx'
import { LimitsDialog } from './limits-dialog.tsx'

const RotateDialog = lazy(() => import('./rotate-dialog.tsx'))

type KeyDialogsProps = {
  workspace: Workspace
  keys: readonly ApiKey[]
  action: string | undefined
  id: string | undefined
  onClose: () => void
  onRotated: (key: NewKey) => void
}

/** What can be asked about one key of the list. */
export function KeyDialogs({ workspace, keys, action, id, onClose, onRotated }: KeyDialogsProps) {
  const chosen = keys.find((key) => key.id === id)
  const refresh = () => queryClient.invalidateQueries({ queryKey: apiKeysQuery(workspace.id).queryKey })
  const mayRotate = chosen !== undefined && !refusalOf(workspace, 'manage_members') && !rotationRefusal(chosen, keys)
  const showRotate = action === 'rotate' && mayRotate
  const everRotate = useOnceTrue(showRotate)
  return (
    <>
      <Suspense fallback={null}>
        {everRotate && (
          <RotateDialog
            open={showRotate}
            onClose={onClose}
            title={`Rotate ${chosen?.name ?? 'the key'}`}
            description="You get a new key with the same role and limits. It is shown once."
            what="key"
            run={async ({ seconds, from }) => {
              if (!chosen) return
              const asked = { api_key_id: chosen.id, grace_seconds: seconds, grace_from: from }
              const { key, name } = await client.rotateApiKey({ workspace_id: workspace.id, ...asked })
              void refresh()
              onRotated({ key, name })
            }}
          />
        )}
      </Suspense>
      {chosen && action === 'limits' && <LimitsDialog apiKey={chosen} onClose={onClose} />}
      {chosen && action === 'revoke' && (
        <ConfirmDialog
          open
          danger
          onClose={onClose}
          title={`Revoke ${chosen.name}?`}
          consequence="Whatever uses it is refused from the next request on. This cannot be undone."
          confirm="Revoke key"
          run={async () => {
            await client.revokeApiKey({ workspace_id: workspace.id, api_key_id: chosen.id })
            showToast({ title: `${chosen.name} is revoked` })
            await refresh()
          }}
        />
      )}
    </>
  )
}
