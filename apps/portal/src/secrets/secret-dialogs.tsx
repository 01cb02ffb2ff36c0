import type { ListedSecret, RevealedSecret, Workspace } from '@freehold/contract'
import { lazy, Suspense, useState } from 'react'
import { client } from '../api/client.ts'
import { heedSeal } from '../api/sealed.ts'
import { addressOf, refreshSecrets } from '../api/secrets.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { useLast, useOnceTrue } from '../ui/once.ts'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import { changeRefusal, revealRefusal } from './secret-columns.tsx'

const SecretDialog = lazy(() => import('./secret-dialog.tsx'))
const VersionsDialog = lazy(() => import('./versions-dialog.tsx'))
const ImportDialog = lazy(() => import('./import-dialog.tsx'))

type SecretDialogsProps = {
  workspace: Workspace
  /** What is looked at: the slug of an environment, or null for what all share. */
  environment: string | null
  secret: ListedSecret | undefined
  creating: boolean
  action: string | undefined
  onClose: () => void
}

export default function SecretDialogs({ workspace, environment, secret, creating, action, onClose }: SecretDialogsProps) {
  // The value stands here and in what shows it, and is gone with them.
  const [revealed, setRevealed] = useState<RevealedSecret>()
  const mayManage = !refusalOf(workspace, 'manage_secrets')
  const mayChange = secret !== undefined && !changeRefusal(workspace, secret)
  const isEdit = action === 'edit' && mayChange
  const isOverride = action === 'override' && secret !== undefined && mayManage
  const showForm = (creating && mayManage) || isEdit || isOverride
  const showImport = action === 'import' && mayManage
  const showVersions = action === 'versions' && secret !== undefined
  const edited = useLast(isEdit ? secret : undefined)
  const overridden = useLast(isOverride ? secret : undefined)
  const kind = useLast(showForm ? (isEdit ? 'edit' : isOverride ? 'override' : 'new') : undefined)
  const everImport = useOnceTrue(showImport)
  const everVersions = useOnceTrue(showVersions)

  return (
    <>
      <Suspense fallback={null}>
        {kind && (
          <SecretDialog
            open={showForm}
            workspace={workspace}
            secret={kind === 'edit' ? edited : undefined}
            start={{ key: kind === 'override' ? overridden?.key : undefined, environment }}
            onClose={onClose}
          />
        )}
        {everImport && <ImportDialog open={showImport} workspace={workspace} environment={environment} onClose={onClose} />}
        {everVersions && secret && (
          <VersionsDialog key={secret.id} open={showVersions} workspace={workspace} secret={secret} onClose={onClose} />
        )}
      </Suspense>
      {secret && action === 'reveal' && !revealRefusal(workspace) && (
        <ConfirmDialog
          open
          onClose={onClose}
          title={`Reveal ${secret.key}?`}
          consequence="The changelog records that you read it, before you see it. The value hides after 30 seconds."
          confirm="Reveal value"
          run={async () => {
            setRevealed(await heedSeal(() => client.revealSecret(addressOf(workspace.id, secret))))
            void refreshSecrets(workspace.id)
          }}
        />
      )}
      {secret && action === 'delete' && mayChange && <DeleteSecret workspace={workspace} secret={secret} onClose={onClose} />}
      {revealed && (
        <SecretReveal
          secret={revealed.value}
          title={revealed.key}
          hidesAfterSeconds={30}
          storage="You can reveal it again; the changelog tells each time."
          onDone={() => setRevealed(undefined)}
        >
          {revealed.previous && (
            <div className="text-sm text-fg-2">
              Version {revealed.previous.version} is valid too, and ends{' '}
              {revealed.previous.valid_until ? <TimeAgo at={revealed.previous.valid_until} /> : 'after the first use of the new value'}.{' '}
              <CopyButton value={revealed.previous.value} label="Copy the value before" />
            </div>
          )}
        </SecretReveal>
      )}
    </>
  )
}

function DeleteSecret({ workspace, secret, onClose }: { workspace: Workspace; secret: ListedSecret; onClose: () => void }) {
  const { key, environment, version } = secret
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title={environment === null ? `Delete ${key}?` : `Delete ${key} of ${environment}?`}
      consequence="This cannot be undone. What will be lost:"
      confirm="Delete secret"
      run={async () => {
        await client.deleteSecret(addressOf(workspace.id, secret))
        showToast({ title: `${key} is deleted` })
        await refreshSecrets(workspace.id)
      }}
    >
      <ul className="list-disc ps-5 text-pretty text-fg-2">
        <li>{version === 1 ? 'its value' : `its value, and the ${version - 1} before it as far as they are kept`}</li>
        <li>
          {environment === null
            ? 'what every environment without a value of its own gets for this key: programs find it missing at their next start'
            : `what ${environment} gets for this key: it sees the shared value, if there is one`}
        </li>
      </ul>
    </ConfirmDialog>
  )
}
