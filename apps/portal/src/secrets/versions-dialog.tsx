import type { ListedSecret, SecretVersion, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { namesQuery } from '../api/people.ts'
import { heedSeal } from '../api/sealed.ts'
import { addressOf, refreshSecrets, versionsQuery } from '../api/secrets.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toast-store.ts'
import { changeRefusal } from './secret-columns.tsx'

type VersionsDialogProps = { open: boolean; workspace: Workspace; secret: ListedSecret; onClose: () => void }

/** The versions of a secret that are kept, and the way back to one of them. */
export default function VersionsDialog({ open, workspace, secret, onClose }: VersionsDialogProps) {
  const [chosen, setChosen] = useState<SecretVersion>()
  const query = useQuery({ ...versionsQuery(workspace.id, secret), enabled: open })
  const { data: names } = useQuery({ ...namesQuery(workspace.id), enabled: open })
  const refusal = changeRefusal(workspace, secret)

  if (open && chosen) {
    return (
      <ConfirmDialog
        open
        onClose={() => setChosen(undefined)}
        title={`Roll ${secret.key} back to version ${chosen.version}?`}
        consequence={`Its value becomes version ${secret.version + 1}. Programs get it at their next start or read; the present value ends at once, and stays among the versions.`}
        confirm="Roll back"
        run={async () => {
          await heedSeal(() => client.rollbackSecret({ ...addressOf(workspace.id, secret), version: chosen.version }))
          showToast({ title: `${secret.key} has the value of version ${chosen.version} again` })
          await refreshSecrets(workspace.id)
        }}
      />
    )
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Versions of ${secret.key}`}
      description="Newest first; the last 100 are kept. Values are not shown."
    >
      <DialogBody>
        <Loaded query={query} what="the versions" skeleton={<SkeletonRows count={3} />}>
          {(versions) => (
            <ol className="max-h-[50vh] divide-y divide-line overflow-y-auto" tabIndex={0} aria-label="Versions">
              {versions.map((version) => (
                <li key={version.version} className="flex min-h-12 items-center gap-3 py-1.5">
                  <span className="w-10 shrink-0 font-medium">v{version.version}</span>
                  <span className="min-w-0 flex-1 text-sm text-fg-2">
                    <TimeAgo at={version.created_at} />
                    {names?.get(version.created_by ?? '') && <> by {names.get(version.created_by ?? '')}</>}
                  </span>
                  {version.current ? (
                    <Tag tone="ok">Current</Tag>
                  ) : (
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`Roll back to version ${version.version}`}
                      reason={refusal}
                      onClick={() => setChosen(version)}
                    >
                      Roll back
                    </Button>
                  )}
                </li>
              ))}
            </ol>
          )}
        </Loaded>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Close</Button>
      </DialogFoot>
    </Dialog>
  )
}
