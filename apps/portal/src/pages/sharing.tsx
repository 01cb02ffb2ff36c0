import type { Grant } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Lock, Plus, Share2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { grantColumns } from '../access/grant-columns.tsx'
import { client } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { accessKey, grantsQuery } from '../api/sharing.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

const GrantDialog = lazy(() => import('../access/grant-dialog.tsx'))
const TransferDialog = lazy(() => import('../access/transfer-dialog.tsx'))

// The list itself waits for the page: who may not manage members would be refused.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/sharing')

export default function SharingPage() {
  const workspace = useWorkspace()
  const { new: creating, action, id, cursor } = route.useSearch()
  const navigate = route.useNavigate()
  const permitted = workspace.permissions.includes('manage_members')
  const refusal = refusalOf(workspace, 'manage_members')
  const query = useQuery({ ...grantsQuery(workspace.id, cursor), enabled: permitted, placeholderData: keepPreviousData })
  const chosen = query.data?.items.find((grant) => grant.id === id)
  const showGrant = !refusal && (Boolean(creating) || (action === 'change' && chosen !== undefined))
  const showTransfer = action === 'transfer' && !refusalOf(workspace, 'transfer')
  const [everGrant, everTransfer] = [useOnceTrue(showGrant), useOnceTrue(showTransfer)]
  const open = (search: { new?: true; action?: string; id?: string }) =>
    void navigate({ search: { ...(cursor && { cursor }), ...search }, replace: Object.keys(search).length === 0 })
  const close = () => open({})

  const actions = (
    <>
      <Button reason={refusalOf(workspace, 'transfer')} onClick={() => open({ action: 'transfer' })}>
        Transfer ownership
      </Button>
      <Button data-create variant="primary" reason={refusal} onClick={() => open({ new: true })}>
        <Plus aria-hidden className="size-4" />
        Grant permission
      </Button>
    </>
  )
  return (
    <Page
      title="Sharing"
      lead="The people and groups that this workspace is shared with. Taking access away holds at once."
      actions={actions}
    >
      {permitted ? (
        <Loaded query={query} what="the grants" skeleton={<SkeletonRows count={4} className="h-[54px]" />}>
          {(page) =>
            page.items.length > 0 ? (
              <PagedList
                tall
                label="Grants"
                page={page}
                columns={grantColumns(workspace, (kind, grant) => open({ action: kind, id: grant.id }))}
                keyOf={(grant) => grant.id}
                busy={query.isPlaceholderData}
                cursor={cursor}
                onGo={(to) => void navigate({ search: to ? { cursor: to } : {} })}
              />
            ) : (
              <div className="mt-4 rounded-lg ring-1 ring-line">
                <Empty
                  icon={<Share2 />}
                  title="Shared with nobody"
                  body="Grant a person or a group a role, and they find the workspace in their list."
                />
              </div>
            )
          }
        </Loaded>
      ) : (
        <div className="mt-4 rounded-lg ring-1 ring-line">
          <Empty icon={<Lock />} title="You may not see the sharing" body={refusal} />
        </div>
      )}
      <Suspense fallback={null}>
        {everGrant && <GrantDialog open={showGrant} workspace={workspace} grant={creating ? undefined : chosen} onClose={close} />}
        {everTransfer && <TransferDialog open={showTransfer} workspace={workspace} onClose={close} />}
      </Suspense>
      {action === 'revoke' && chosen && <RevokeDialog workspaceId={workspace.id} grant={chosen} onClose={close} />}
    </Page>
  )
}

function RevokeDialog({ workspaceId, grant, onClose }: { workspaceId: string; grant: Grant; onClose: () => void }) {
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title={`Take access from ${grant.label}?`}
      consequence={
        grant.subject_type === 'group'
          ? 'Everybody whose only way here is this group is refused from the next request on.'
          : 'They are refused from the next request on, unless a group or the account lets them in as well.'
      }
      confirm="Take access away"
      run={async () => {
        await client.revokeGrant({ workspace_id: workspaceId, grant_id: grant.id })
        showToast({ title: `${grant.label} no longer has this grant` })
        await queryClient.invalidateQueries({ queryKey: accessKey(workspaceId) })
      }}
    />
  )
}
