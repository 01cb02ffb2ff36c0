import type { Account } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { AccountFrame, accountRefusal } from '../account/account-frame.tsx'
import { CreateButton } from '../account/create-button.tsx'
import { groupsQuery } from '../api/account-people.ts'
import { installationUrl } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { groupColumns } from '../groups/group-columns.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'

const GroupDialog = lazy(() => import('../groups/group-dialog.tsx'))
const DeleteGroupDialog = lazy(() => import('../groups/delete-group-dialog.tsx'))

type LoaderArgs = { params: { accountId: string } }

export function loader({ params: { accountId } }: LoaderArgs): void {
  void queryClient.prefetchQuery(groupsQuery(accountId))
}

const route = getRouteApi('/shell/accounts/$accountId/groups')

export default function AccountGroupsPage() {
  return <AccountFrame Actions={CreateGroup} Body={Groups} />
}

function CreateGroup({ account }: { account: Account }) {
  return <CreateButton account={account}>Create group</CreateButton>
}

function Groups({ account }: { account: Account }) {
  const { new: creating, action, id, cursor } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery({ ...groupsQuery(account.id, cursor), placeholderData: keepPreviousData })
  const chosen = query.data?.items.find((group) => group.id === id)
  const refusal = accountRefusal(account)
  const showForm = !refusal && (Boolean(creating) || (action === 'edit' && chosen !== undefined))
  const everForm = useOnceTrue(showForm)
  const open = (search: { action?: string; id?: string }) =>
    void navigate({ search: { ...(cursor && { cursor }), ...search }, replace: !search.action })
  const close = () => open({})
  const show = (groupId: string) =>
    void navigate({ to: '/accounts/$accountId/groups/$groupId', params: { accountId: account.id, groupId }, search: {}, replace: true })
  return (
    <>
      <p className="mt-5 text-pretty text-fg-2">
        People who are granted roles together. Whoever joins or leaves a group gains or loses what is shared with it, at once.
      </p>
      <Loaded query={query} what="the groups" skeleton={<SkeletonRows count={4} className="h-[54px]" />}>
        {(page) =>
          page.items.length > 0 ? (
            <PagedList
              tall
              label="Groups"
              page={page}
              columns={groupColumns(account, (kind, group) => open({ action: kind, id: group.id }))}
              keyOf={(group) => group.id}
              busy={query.isPlaceholderData}
              cursor={cursor}
              onGo={(to) => void navigate({ search: to ? { cursor: to } : {} })}
            />
          ) : (
            <div className="mt-4 rounded-lg ring-1 ring-line">
              <Empty
                icon={<Users />}
                title="No groups yet"
                body="Create one, put people of the account into it, and grant it a role on the Sharing page of a workspace. By the API, with a personal token in FREEHOLD_TOKEN:"
              >
                <CodeSnippet label="Terminal" code={createSnippet(account.id)} />
              </Empty>
            </div>
          )
        }
      </Loaded>
      <Suspense fallback={null}>
        {everForm && (
          <GroupDialog
            open={showForm}
            account={account}
            group={creating ? undefined : chosen}
            onClose={close}
            onSaved={(group) => (creating ? show(group.id) : close())}
          />
        )}
        {action === 'delete' && chosen && !refusal && (
          <DeleteGroupDialog account={account} group={chosen} onClose={close} onDeleted={close} />
        )}
      </Suspense>
    </>
  )
}

const createSnippet = (accountId: string) =>
  `curl "${installationUrl}/v1/accounts/${accountId}/groups" \\\n  -H "Authorization: Bearer $FREEHOLD_TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '{"name": "Engineering"}'`
