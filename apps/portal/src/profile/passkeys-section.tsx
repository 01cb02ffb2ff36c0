import { useQuery } from '@tanstack/react-query'
import { Fingerprint } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { client } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { methodsQuery, passkeysQuery } from '../api/sign-in.ts'
import { passkeyRefusal } from '../sign-in/passkey.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import type { SecurityProps } from './authenticator-section.tsx'
import { SecurityRow } from './security-row.tsx'

const AddPasskeyDialog = lazy(() => import('./add-passkey-dialog.tsx'))

export function PasskeysSection({ search: { action, id }, onSearch }: SecurityProps) {
  const query = useQuery(passkeysQuery)
  const { data: methods } = useQuery(methodsQuery)
  const refusal = methods?.passkey === false ? unnamed : passkeyRefusal()
  const adding = action === 'add-passkey' && !refusal
  const everAdding = useOnceTrue(adding)
  const removing = action === 'remove-passkey' ? query.data?.items.find((passkey) => passkey.id === id) : undefined
  const close = () => onSearch({})
  return (
    <>
      <SecurityRow
        icon={<Fingerprint />}
        title="Passkeys"
        actions={
          <Button size="sm" reason={refusal?.reason} onClick={() => onSearch({ action: 'add-passkey' })}>
            Add passkey
          </Button>
        }
      >
        {refusal ? <Refusal {...refusal} /> : 'Sign in by fingerprint, face or PIN, without a password. Each is a second factor too.'}
      </SecurityRow>
      <Loaded query={query} what="your passkeys" skeleton={<SkeletonRows count={1} className="h-[54px] px-4!" />}>
        {({ items }) =>
          items.length > 0 && (
            <ul aria-label="Passkeys" className="divide-y divide-line border-t border-line">
              {items.map((passkey) => (
                <li key={passkey.id} className="flex min-h-[54px] items-center gap-3 py-2 ps-11 pe-4">
                  <div className="min-w-0 flex-1">
                    <p className="font-medium break-words">{passkey.name}</p>
                    <p className="text-xs text-fg-3">
                      {passkey.backed_up ? 'Synchronized' : 'On one device'} · used{' '}
                      {passkey.last_used_at ? <TimeAgo at={passkey.last_used_at} /> : 'never'} · added <TimeAgo at={passkey.created_at} />
                    </p>
                  </div>
                  <Button
                    size="sm"
                    aria-label={`Remove ${passkey.name}`}
                    onClick={() => onSearch({ action: 'remove-passkey', id: passkey.id })}
                  >
                    Remove
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Suspense fallback={null}>{everAdding && <AddPasskeyDialog open={adding} onClose={close} />}</Suspense>
      {removing && (
        <ConfirmDialog
          open
          danger
          onClose={close}
          title={`Remove ${removing.name}?`}
          consequence="It no longer signs you in here. Sessions that it began go on; delete it on the device too."
          confirm="Remove passkey"
          run={async () => {
            await client.deletePasskey({ passkey_id: removing.id })
            await queryClient.invalidateQueries({ queryKey: passkeysQuery.queryKey })
          }}
        />
      )}
    </>
  )
}

const unnamed = { reason: 'Browsers have no passkeys for a bare address. The operator sets FREEHOLD_URL to a name.' }

function Refusal({ reason, openInstead }: { reason: string; openInstead?: string }) {
  return (
    <>
      {reason}{' '}
      {openInstead && (
        <a href={openInstead} className="underline underline-offset-2 hover:text-fg">
          Open {new URL(openInstead).host} instead
        </a>
      )}
    </>
  )
}
