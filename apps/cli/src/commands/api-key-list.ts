import type { ApiKey } from '@freehold/contract'
import { command } from '../framework/command.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'

const columns: Column<ApiKey>[] = [
  { header: 'NAME', cell: (key) => key.name },
  { header: 'ROLE', cell: (key) => key.role },
  { header: 'CREATED', cell: (key) => shownTime(key.created_at) },
  { header: 'LAST USED', cell: (key) => shownTime(key.last_used_at) ?? 'Never' },
  { header: 'EXPIRES', cell: (key) => shownTime(key.expires_at) ?? 'Never' },
  { header: 'PREFIX', cell: (key) => key.prefix },
  { header: 'ID', cell: (key) => key.id },
]

export const apiKeyList = command({
  path: ['api-key', 'list'],
  summary: "List a workspace's API keys, without the keys themselves.",
  args: { workspace: workspaceArgument },
  flags: listFlags,

  async run({ args, flags, sdk, out }) {
    const list = sdk.listApiKeys({ workspace_id: args.workspace, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), columns, 'It has no API key.')
  },
})
