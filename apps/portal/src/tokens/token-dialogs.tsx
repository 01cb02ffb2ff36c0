import { lazy, Suspense, useState } from 'react'
import { client, installationUrl } from '../api/client.ts'
import { changeOrgWorkspace, type LoadedOrgWorkspace } from '../api/programs.ts'
import type { ListSearch } from '../search.ts'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { showToast } from '../ui/toast-store.ts'
import type { MadeToken } from './make-token-dialog.tsx'

const MakeTokenDialog = lazy(() => import('./make-token-dialog.tsx'))
const AddPublicKeyDialog = lazy(() => import('./add-public-key-dialog.tsx'))
const RotateDialog = lazy(() => import('../keys/rotate-dialog.tsx'))

type TokenAction = 'rotate' | 'add-key' | 'remove-key' | 'refuse-secret' | 'accept-secret'
export type OnAct = (asked: { action: TokenAction; id?: string }) => void

type TokenDialogsProps = { org: LoadedOrgWorkspace; search: ListSearch; onClose: () => void }

/** What can be asked on the page of the access tokens, and the secrets that come of it. */
export function TokenDialogs({ org, search: { new: making, action, id }, onClose }: TokenDialogsProps) {
  const [made, setMade] = useState<MadeToken>()
  const [secret, setSecret] = useState<string>()
  const [showMake, showAdd, showRotate] = [Boolean(making) && !made, action === 'add-key', action === 'rotate' && !secret]
  const [everMake, everAdd, everRotate] = [useOnceTrue(showMake), useOnceTrue(showAdd), useOnceTrue(showRotate)]
  const removed = action === 'remove-key' ? org.publicKeys.find(({ kid }) => kid === id) : undefined
  const hasOtherKeys = org.publicKeys.length > 0 || org.jwksUri !== null

  const refuseSecret = async (disableSecretKeyAuth: boolean) => {
    await changeOrgWorkspace(org, { settings: { ...org.settings, disableSecretKeyAuth } })
    showToast({ title: disableSecretKeyAuth ? 'Tokens signed with the secret are refused' : 'Tokens signed with the secret are taken' })
  }

  return (
    <>
      <Suspense fallback={null}>
        {everMake && (
          <MakeTokenDialog
            open={showMake}
            workspaceId={org.id}
            onClose={onClose}
            onMade={(token) => {
              setMade(token)
              onClose()
            }}
          />
        )}
        {everAdd && <AddPublicKeyDialog open={showAdd} org={org} onClose={onClose} />}
        {everRotate && (
          <RotateDialog
            open={showRotate}
            onClose={onClose}
            title="Rotate the secret"
            description="You get a new secret, shown once, for your back end to sign with."
            what="secret"
            run={async ({ seconds, from }) => {
              const answer = await client.rotateWorkspaceSecret({ workspace_id: org.id, graceSeconds: seconds, graceFrom: from })
              setSecret(answer.secret)
              onClose()
            }}
          />
        )}
      </Suspense>
      {made && (
        <SecretReveal
          secret={made.token}
          title={`Token of ${made.of}`}
          storage="It is not stored, so it cannot be shown again."
          onDone={() => setMade(undefined)}
        >
          <CodeSnippet
            label="Try it"
            code={`curl "${installationUrl}/v1/workspaces/${org.id}/sessions" \\\n  -H "Authorization: Bearer ${made.token}"`}
          />
        </SecretReveal>
      )}
      {secret && (
        <SecretReveal
          secret={secret}
          title="Save the new secret"
          storage="It is stored encrypted, to verify tokens, and never shown again."
          onDone={() => setSecret(undefined)}
        />
      )}
      <ConfirmDialog
        open={action === 'refuse-secret'}
        onClose={onClose}
        danger
        title="Refuse tokens signed with the secret?"
        consequence={
          hasOtherKeys
            ? 'They are refused from the next request on. Tokens signed with your public keys, or made here, go on.'
            : 'They are refused from the next request on. There is no public key yet, so your back end can sign nothing that is taken.'
        }
        confirm="Refuse them"
        run={() => refuseSecret(true)}
      />
      <ConfirmDialog
        open={action === 'accept-secret'}
        onClose={onClose}
        title="Take tokens signed with the secret?"
        consequence="Whoever has the secret can make tokens again, from the next request on."
        confirm="Take them"
        run={() => refuseSecret(false)}
      />
      {removed && (
        <ConfirmDialog
          open
          danger
          onClose={onClose}
          title={`Remove the key ${removed.kid}?`}
          consequence="Tokens signed with its private half are refused from the next request on."
          confirm="Remove key"
          run={async () => {
            await changeOrgWorkspace(org, { publicKeys: org.publicKeys.filter(({ kid }) => kid !== removed.kid) })
            showToast({ title: `The key ${removed.kid} is removed` })
          }}
        />
      )}
    </>
  )
}
