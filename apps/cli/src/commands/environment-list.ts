import type { Environment } from '@freehold/contract'
import { command } from '../framework/command.ts'
import { type Column, paintStatus, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'

const columns: Column<Environment>[] = [
  { header: 'SLUG', cell: (environment) => environment.slug },
  { header: 'NAME', cell: (environment) => environment.name },
  { header: 'STATUS', cell: (environment) => environment.status, paint: paintStatus },
  { header: 'PROTECTED', cell: (environment) => (environment.protected ? 'yes' : 'no') },
  { header: 'CREATED', cell: (environment) => shownTime(environment.created_at) },
]

export const environmentList = command({
  path: ['environment', 'list'],
  summary: "List a workspace's environments.",
  args: { workspace: workspaceArgument },
  flags: listFlags,

  async run({ args, flags, sdk, out }) {
    const list = sdk.listEnvironments({ workspace_id: args.workspace, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), columns, 'It has no environment yet.')
  },
})
