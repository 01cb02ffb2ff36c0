import { workspaceStatuses, type WorkspaceSummary } from '@freehold/contract'
import { choice, command, text } from '../framework/command.ts'
import { type Column, paintStatus, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { accountFlag, findAccountId } from '../resources.ts'

const columns: Column<WorkspaceSummary>[] = [
  { header: 'NAME', cell: (workspace) => workspace.name },
  { header: 'SLUG', cell: (workspace) => workspace.slug },
  { header: 'STATUS', cell: (workspace) => workspace.status, paint: paintStatus },
  { header: 'REGION', cell: (workspace) => workspace.region },
  { header: 'TENANCY', cell: (workspace) => workspace.tenancy_model },
  { header: 'CREATED', cell: (workspace) => shownTime(workspace.created_at) },
  { header: 'ID', cell: (workspace) => workspace.id },
]

export const workspaceList = command({
  path: ['workspace', 'list'],
  summary: 'List the workspaces that you may read.',
  flags: {
    ...listFlags,
    search: text('TEXT', 'Part of the name or slug'),
    status: choice(workspaceStatuses, 'Only those in this status'),
    account: accountFlag,
  },

  async run({ flags, sdk, out }) {
    const account_id = flags.account === undefined ? undefined : await findAccountId(sdk, flags.account)
    const list = sdk.listWorkspaces({ q: flags.search, status: flags.status, account_id, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), columns, 'No workspace. freehold workspace create NAME makes one.')
  },
})
