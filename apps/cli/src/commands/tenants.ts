import type { Tenant } from '@freehold/contract'
import { choice, command, required, text } from '../framework/command.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'

const columns: Column<Tenant>[] = [
  { header: 'KEY', cell: (tenant) => tenant.key },
  { header: 'NAME', cell: (tenant) => tenant.name },
  { header: 'STATUS', cell: (tenant) => tenant.status },
  { header: 'SINCE', cell: (tenant) => shownTime(tenant.created_at) },
]
const tenant = required('Key of the tenant')

export const tenantList = command({
  path: ['tenant', 'list'],
  summary: "List a workspace's tenants. One appears when a token first names it.",
  args: { workspace: workspaceArgument },
  flags: { ...listFlags, query: text('TEXT', 'Part of the name or key'), status: choice(['active', 'disabled'], 'Only those') },
  async run({ args, flags, sdk, out }) {
    const list = sdk.listTenants({ workspace_id: args.workspace, limit: pageSize(flags), q: flags.query, status: flags.status })
    out.list(await takeItems(list, flags, out), columns, 'It has no tenants yet.')
  },
})

const setStatus = (verb: 'disable' | 'enable', status: Tenant['status'], summary: string) =>
  command({
    path: ['tenant', verb],
    summary,
    mutates: true,
    args: { workspace: workspaceArgument, tenant },
    async run({ args, sdk, out }) {
      const changed = await sdk.updateTenant({ workspace_id: args.workspace, tenant_key: args.tenant, status })
      out.result(`${changed.key} is ${changed.status}.`, changed)
    },
  })

export const tenantDisable = setStatus('disable', 'disabled', "Stop a tenant's tokens at once.")
export const tenantEnable = setStatus('enable', 'active', "Let a tenant's tokens work again.")

export const tenantDelete = command({
  path: ['tenant', 'delete'],
  summary: 'Delete a tenant and all its data.',
  mutates: true,
  args: { workspace: workspaceArgument, tenant },
  async run({ args, sdk, out, dryRun }) {
    const answer: unknown = await sdk.deleteTenant({ workspace_id: args.workspace, tenant_key: args.tenant })
    out.result(dryRun ? '' : `Deleted ${args.tenant}.`, answer ?? undefined)
  },
})
