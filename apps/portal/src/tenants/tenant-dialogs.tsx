import type { Tenant, Workspace } from '@freehold/contract'
import { lazy, Suspense } from 'react'
import { client } from '../api/client.ts'
import { tenantsKey } from '../api/programs.ts'
import { queryClient } from '../api/query-client.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { showToast } from '../ui/toast-store.ts'

const DeleteTenantDialog = lazy(() => import('./delete-tenant-dialog.tsx'))

type TenantDialogsProps = { workspace: Workspace; tenant: Tenant | undefined; action: string | undefined; onClose: () => void }

export function TenantDialogs({ workspace, tenant, action, onClose }: TenantDialogsProps) {
  const showDelete = action === 'delete' && tenant !== undefined
  const everDelete = useOnceTrue(showDelete)
  const setStatus = async ({ key, name }: Tenant, status: Tenant['status']) => {
    await client.updateTenant({ workspace_id: workspace.id, tenant_key: key, status })
    showToast({ title: status === 'disabled' ? `${name} is disabled` : `${name} is enabled` })
    await queryClient.invalidateQueries({ queryKey: tenantsKey(workspace.id) })
  }
  return (
    <>
      {tenant && action === 'disable' && (
        <ConfirmDialog
          open
          danger
          onClose={onClose}
          title={`Disable ${tenant.name}?`}
          consequence="Its tokens are refused from the next request on, and no new one is made. Its data is kept. You can enable it at any time."
          confirm="Disable tenant"
          run={() => setStatus(tenant, 'disabled')}
        />
      )}
      {tenant && action === 'enable' && (
        <ConfirmDialog
          open
          onClose={onClose}
          title={`Enable ${tenant.name}?`}
          consequence="Its tokens that have not ended are taken again at once."
          confirm="Enable tenant"
          run={() => setStatus(tenant, 'active')}
        />
      )}
      <Suspense fallback={null}>
        {everDelete && tenant && <DeleteTenantDialog open={showDelete} workspaceId={workspace.id} tenant={tenant} onClose={onClose} />}
      </Suspense>
    </>
  )
}
