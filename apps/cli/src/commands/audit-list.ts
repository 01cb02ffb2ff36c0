import { auditColumns, auditFilters } from '../audit-line.ts'
import { command } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { accountFlag, findAccountId, workspaceOption } from '../resources.ts'

export const auditList = command({
  path: ['audit', 'list'],
  summary: 'What happened, newest first: in a workspace, on an account, or in all that you may read.',
  examples: ['freehold audit list acme --action api_key. --since 2030-01-01T00:00:00Z'],
  args: { workspace: workspaceOption },
  flags: { ...listFlags, ...auditFilters, account: accountFlag },

  async run({ args, flags: { account, limit, all, ...filters }, sdk, out }) {
    const { workspace } = args
    if (workspace !== undefined && account !== undefined) throw new CommandFailure('usage', 'A workspace and --account exclude each other.')
    const query = { ...filters, limit: pageSize({ limit, all }) }
    const list =
      workspace !== undefined
        ? sdk.listWorkspaceAudit({ workspace_id: workspace, ...query })
        : account !== undefined
          ? sdk.listAccountAudit({ account_id: await findAccountId(sdk, account), ...query })
          : sdk.listActivity(query)
    out.list(await takeItems(list, { limit, all }, out), auditColumns, 'Nothing happened that fits.')
  },
})
