import type { Credential, CredentialTypeDescription, Workspace } from '@freehold/contract'
import { lazy, Suspense } from 'react'
import { client } from '../api/client.ts'
import { refreshCredentials } from '../api/credentials.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useLast } from '../ui/once.ts'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'

const CredentialDialog = lazy(() => import('./credential-dialog.tsx'))

type CredentialDialogsProps = {
  workspace: Workspace
  types: readonly CredentialTypeDescription[]
  credential: Credential | undefined
  creating: boolean
  action: string | undefined
  onClose: () => void
}

/** What can be asked about one credential, and how one is added. */
export default function CredentialDialogs({ workspace, types, credential, creating, action, onClose }: CredentialDialogsProps) {
  const permitted = !refusalOf(workspace, 'manage_secrets')
  const isEdit = permitted && action === 'edit' && credential !== undefined
  const showForm = types.length > 0 && (isEdit || (permitted && creating))
  const kind = useLast(showForm ? (isEdit ? 'edit' : 'new') : undefined)
  const edited = useLast(isEdit ? credential : undefined)
  const label = types.find(({ type }) => type === credential?.type)?.label ?? credential?.type
  return (
    <>
      <Suspense fallback={null}>
        {kind && (
          <CredentialDialog
            open={showForm}
            workspace={workspace}
            types={types}
            credential={kind === 'edit' ? edited : undefined}
            onClose={onClose}
          />
        )}
      </Suspense>
      {permitted && credential && action === 'default' && (
        <ConfirmDialog
          open
          onClose={onClose}
          title={`Make ${credential.name} the default?`}
          consequence={`What asks for ${label} and names no credential uses it from now on, in place of the one that is the default.`}
          confirm="Make default"
          run={async () => {
            await client.updateCredential({ workspace_id: workspace.id, credential_id: credential.id, is_default: true })
            showToast({ title: `${credential.name} is the default` })
            await refreshCredentials(workspace.id)
          }}
        />
      )}
      {permitted && credential && action === 'delete' && (
        <ConfirmDialog
          open
          danger
          onClose={onClose}
          title={`Delete ${credential.name}?`}
          consequence="Its secret is lost, and whatever uses it can no longer sign in. This cannot be undone."
          confirm="Delete credential"
          run={async () => {
            await client.deleteCredential({ workspace_id: workspace.id, credential_id: credential.id })
            showToast({ title: `${credential.name} is deleted` })
            await refreshCredentials(workspace.id)
          }}
        >
          {credential.is_default && (
            <p className="text-pretty text-fg-2">It is the default of {label}, and no other takes its place by itself: choose one.</p>
          )}
        </ConfirmDialog>
      )}
    </>
  )
}
