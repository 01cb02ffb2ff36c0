import type { Account, AccountMember } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { AccountFrame, accountRefusal } from '../account/account-frame.tsx'
import { CreateButton } from '../account/create-button.tsx'
import { memberColumns } from '../account/member-columns.tsx'
import { accountMembersQuery } from '../api/account-people.ts'
import { client } from '../api/client.ts'
import { meQuery } from '../api/identity.ts'
import { queryClient } from '../api/query-client.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'

const MemberDialog = lazy(() => import('../account/member-dialog.tsx'))

type LoaderArgs = { params: { accountId: string } }

export function loader({ params: { accountId } }: LoaderArgs): void {
  void queryClient.prefetchQuery(accountMembersQuery(accountId))
}

const route = getRouteApi('/shell/accounts/$accountId/members')

export default function AccountMembersPage() {
  return <AccountFrame Actions={AddPerson} Body={People} />
}

function AddPerson({ account }: { account: Account }) {
  return <CreateButton account={account}>Add person</CreateButton>
}

function People({ account }: { account: Account }) {
  const { new: creating, action, id, cursor } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery({ ...accountMembersQuery(account.id, cursor), placeholderData: keepPreviousData })
  const chosen = query.data?.items.find(({ user_id }) => user_id === id)
  const refusal = accountRefusal(account)
  const showForm = !refusal && (Boolean(creating) || (action === 'change' && chosen !== undefined))
  const everForm = useOnceTrue(showForm)
  const open = (search: { action?: string; id?: string }) =>
    void navigate({ search: { ...(cursor && { cursor }), ...search }, replace: !search.action })
  const close = () => open({})
  return (
    <>
      <p className="mt-5 text-pretty text-fg-2">
        People who belong to the account. Owners and admins act as admin in all its workspaces; the others see what is shared with them.
      </p>
      <Loaded query={query} what="the people" skeleton={<SkeletonRows count={4} className="h-[54px]" />}>
        {(page) => (
          <PagedList
            tall
            label="People"
            page={page}
            columns={memberColumns(account, (kind, member) => open({ action: kind, id: member.user_id }))}
            keyOf={({ user_id }) => user_id}
            busy={query.isPlaceholderData}
            cursor={cursor}
            onGo={(to) => void navigate({ search: to ? { cursor: to } : {} })}
          />
        )}
      </Loaded>
      <Suspense fallback={null}>
        {everForm && <MemberDialog open={showForm} account={account} member={creating ? undefined : chosen} onClose={close} />}
      </Suspense>
      {action === 'remove' && chosen && !refusal && <RemoveDialog account={account} member={chosen} onClose={close} />}
    </>
  )
}

type RemoveDialogProps = { account: Account; member: AccountMember; onClose: () => void }

function RemoveDialog({ account, member, onClose }: RemoveDialogProps) {
  const { data: me } = useQuery(meQuery)
  const self = me?.id === member.user_id
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title={self ? `Leave ${account.name}?` : `Remove ${member.label} from ${account.name}?`}
      consequence={
        self
          ? 'Your role and your place in all its groups end at once, and you cannot take them back yourself.'
          : 'Their role and their place in all its groups end at once.'
      }
      confirm={self ? 'Leave the account' : 'Remove'}
      run={async () => {
        await client.removeAccountMember({ account_id: account.id, user_id: member.user_id })
        showToast({ title: self ? `You have left ${account.name}` : `${member.label} is no longer in ${account.name}` })
        await queryClient.invalidateQueries({ queryKey: ['account', account.id] })
      }}
    >
      <p className="text-sm text-pretty text-fg-2">
        Workspaces that were shared with {self ? 'you' : 'them'} by name stay shared. Take those away on the Sharing page of each workspace.
      </p>
    </ConfirmDialog>
  )
}
