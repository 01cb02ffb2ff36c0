import type { InvitationSent } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Mail } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { queryClient } from '../api/query-client.ts'
import type { ListSearch } from '../search.ts'
import { sentenceCase } from '../text/words.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Select } from '../ui/select.tsx'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { invitationColumns } from './invitation-columns.tsx'
import { type InvitationState, invitationsQuery, type Place } from './place.ts'

const InviteDialog = lazy(() => import('./invite-dialog.tsx'))
const states: readonly InvitationState[] = ['pending', 'accepted', 'expired', 'revoked']

type InvitationsViewProps = {
  place: Place
  /** Why one may not invite now. */
  refusal: string | undefined
  search: ListSearch
  onSearch: (search: ListSearch) => void
}

/** Who has been invited, in which state; invite, send again, revoke. */
export function InvitationsView({ place, refusal, search, onSearch }: InvitationsViewProps) {
  const state = states.find((known) => known === search.state)
  const query = useQuery({ ...invitationsQuery(place, { state, cursor: search.cursor }), placeholderData: keepPreviousData })
  const [sent, setSent] = useState<InvitationSent>()
  const showInvite = Boolean(search.new) && !refusal && !sent
  const everInvite = useOnceTrue(showInvite)
  const chosen = query.data?.items.find(({ id }) => id === search.id)
  const filter = { ...(state && { state }), ...(search.cursor && { cursor: search.cursor }) }
  const close = () => onSearch(filter)
  const refresh = () => queryClient.invalidateQueries({ queryKey: place.key })

  const tell = async (answer: InvitationSent) => {
    if (answer.url) setSent(answer)
    else showToast({ title: `Sent to ${answer.email}` })
    await refresh()
  }

  return (
    <>
      <div className="mt-6 flex">
        <Select
          compact
          label="State"
          value={state ?? ''}
          onChange={(value) => onSearch(value ? { state: value } : {})}
          options={[{ value: '', label: 'Any state' }, ...states.map((value) => ({ value, label: sentenceCase(value) }))]}
        />
      </div>
      <Loaded query={query} what="the invitations" skeleton={<SkeletonRows count={4} />}>
        {(page) =>
          page.items.length > 0 ? (
            <PagedList
              label="Invitations"
              page={page}
              columns={invitationColumns(refusal, (action, { id }) => onSearch({ ...filter, action, id }))}
              keyOf={({ id }) => id}
              busy={query.isPlaceholderData}
              cursor={search.cursor}
              onGo={(to) => onSearch({ ...(state && { state }), ...(to && { cursor: to }) })}
            />
          ) : (
            <div className="mt-4 rounded-lg ring-1 ring-line">
              <Empty
                icon={<Mail />}
                title={state ? `No ${state} invitation` : 'Nobody has been invited yet'}
                body={`Invite somebody by email. Whoever follows the link joins ${place.name} with the role you choose.`}
              />
            </div>
          )
        }
      </Loaded>
      <Suspense fallback={null}>
        {everInvite && <InviteDialog open={showInvite} place={place} onClose={close} onSent={(answer) => (close(), tell(answer))} />}
      </Suspense>
      {sent?.url && (
        <SecretReveal
          secret={sent.url}
          title={`Hand this link to ${sent.email}`}
          onDone={() => {
            setSent(undefined)
            close()
          }}
        >
          <p className="text-sm text-pretty text-fg-2">This installation sends no mail. Whoever has the link can accept the invitation.</p>
        </SecretReveal>
      )}
      {chosen && search.action === 'resend' && (
        <ConfirmDialog
          open
          onClose={close}
          title={`Invite ${chosen.email} again?`}
          consequence="They get a new link with a new expiry. The link from before no longer works."
          confirm="Send again"
          run={async () => tell(await place.resend(chosen.id))}
        />
      )}
      {chosen && search.action === 'revoke' && (
        <ConfirmDialog
          open
          danger
          onClose={close}
          title={`Revoke the invitation of ${chosen.email}?`}
          consequence="The link no longer works. You can invite them anew."
          confirm="Revoke invitation"
          run={async () => {
            await place.revoke(chosen.id)
            showToast({ title: `The invitation of ${chosen.email} is revoked` })
            await refresh()
          }}
        />
      )}
    </>
  )
}
