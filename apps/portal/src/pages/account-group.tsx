import type { Account, Group } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { AccountFrame, accountRefusal } from '../account/account-frame.tsx'
import { groupMembersQuery, groupQuery } from '../api/account-people.ts'
import { isMissing } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { GroupHead } from '../groups/group-head.tsx'
import { GroupMembers } from '../groups/group-members.tsx'
import { RemoveMemberDialog } from '../groups/remove-member-dialog.tsx'
import { QueryFault } from '../layout/fault-pages.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Skeleton } from '../ui/skeleton.tsx'

const AddMembersDialog = lazy(() => import('../groups/add-members-dialog.tsx'))
const GroupDialog = lazy(() => import('../groups/group-dialog.tsx'))
const DeleteGroupDialog = lazy(() => import('../groups/delete-group-dialog.tsx'))

type LoaderArgs = { params: { accountId: string; groupId: string } }

export function loader({ params: { accountId, groupId } }: LoaderArgs): void {
  void queryClient.prefetchQuery(groupQuery(accountId, groupId))
  void queryClient.prefetchQuery(groupMembersQuery({ accountId, groupId }))
}

const route = getRouteApi('/shell/accounts/$accountId/groups/$groupId')

export default function AccountGroupPage() {
  const { accountId, groupId } = route.useParams()
  const { data: group } = useQuery(groupQuery(accountId, groupId))
  return <AccountFrame Body={GroupOfAccount} part={group?.name} />
}

function GroupOfAccount({ account }: { account: Account }) {
  const { groupId } = route.useParams()
  const query = useQuery(groupQuery(account.id, groupId))
  return (
    <>
      <Link
        to="/accounts/$accountId/groups"
        params={{ accountId: account.id }}
        className="-mx-1.5 mt-4 inline-flex items-center gap-1.5 rounded-xs px-1.5 py-1 text-sm text-fg-2 hover:bg-hover hover:text-fg coarse:py-2.5"
      >
        <ArrowLeft aria-hidden className="size-3.5 rtl:rotate-180" />
        All groups
      </Link>
      {isMissing(query.error) ? (
        <QueryFault error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Loaded query={query} what="the group" skeleton={<Skeleton className="mt-3 h-14 w-72" />}>
          {(group) => <GroupBody account={account} group={group} />}
        </Loaded>
      )}
    </>
  )
}

function GroupBody({ account, group }: { account: Account; group: Group }) {
  const { new: adding, action, id, cursor } = route.useSearch()
  const navigate = route.useNavigate()
  const place = { accountId: account.id, groupId: group.id, cursor }
  const query = useQuery({ ...groupMembersQuery(place), placeholderData: keepPreviousData })
  const chosen = query.data?.items.find(({ subject_id }) => subject_id === id)
  const permitted = !accountRefusal(account)
  const [showAdd, showEdit] = [permitted && Boolean(adding), permitted && action === 'edit']
  const [everAdd, everEdit] = [useOnceTrue(showAdd), useOnceTrue(showEdit)]
  const open = (search: { new?: true; action?: string; id?: string }) =>
    void navigate({ search: { ...(cursor && { cursor }), ...search }, replace: Object.keys(search).length === 0 })
  const close = () => open({})
  const leave = () => void navigate({ to: '/accounts/$accountId/groups', params: { accountId: account.id }, search: {}, replace: true })
  return (
    <>
      <GroupHead
        account={account}
        group={group}
        onAdd={() => open({ new: true })}
        onEdit={() => open({ action: 'edit' })}
        onDelete={() => open({ action: 'delete' })}
      />
      <GroupMembers
        account={account}
        query={query}
        cursor={cursor}
        onRemove={(member) => open({ action: 'remove', id: member.subject_id })}
        onGo={(to) => void navigate({ search: to ? { cursor: to } : {} })}
      />
      <Suspense fallback={null}>
        {everAdd && <AddMembersDialog open={showAdd} account={account} group={group} onClose={close} />}
        {everEdit && <GroupDialog open={showEdit} account={account} group={group} onClose={close} onSaved={close} />}
        {permitted && action === 'delete' && <DeleteGroupDialog account={account} group={group} onClose={close} onDeleted={leave} />}
      </Suspense>
      {permitted && action === 'remove' && chosen && <RemoveMemberDialog account={account} group={group} member={chosen} onClose={close} />}
    </>
  )
}
