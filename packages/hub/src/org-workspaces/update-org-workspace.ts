import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { raiseGates } from '../gates/index.ts'
import { upsertLimits } from '../limits/index.ts'
import { changeStatus, invalidState, updateWorkspaceRow } from '../workspaces/index.ts'
import { requireOrgWorkspace } from './find-org-workspace.ts'
import { orgWorkspaceSnapshot, toOrgWorkspace } from './org-workspace-answer.ts'
import { type OrgWorkspaceRow, type ProfilePatch, updateProfile } from './queries.ts'
import { type ConfigurationChange, readChange } from './read-change.ts'

/** MB-03. `isReadOnly` is the freeze of `/v1/workspaces/{id}/status`, with its transitions and its exclusive lock. */
export async function updateOrgWorkspace(ctx: RequestContext, { body }: InputOf<'updateOrgWorkspace'>) {
  const workspace = ctx.granted('workspace', 'administer')
  const change = readChange(body)
  const after = await ctx.mutate(
    'workspace.update',
    workspace,
    async (tx) => {
      const before = await requireOrgWorkspace(tx, workspace)
      refuseByStatus(before.row, change)
      await apply(tx, before.row, change, ctx.clock.now())
      const now = await requireOrgWorkspace(tx, workspace)
      return {
        resource: { kind: 'workspace', id: workspace.id, label: now.row.name },
        before: orgWorkspaceSnapshot(before),
        after: orgWorkspaceSnapshot(now),
        result: now,
      }
    },
    change.isReadOnly === undefined ? {} : { lock: 'exclusive' },
  )
  return toOrgWorkspace(after)
}

async function apply(tx: Tx, before: OrgWorkspaceRow, change: ConfigurationChange, now: Date): Promise<void> {
  const { configuration, isReadOnly } = change
  if (configuration) {
    await updateWorkspaceRow(tx, before.id, configuration.workspace, now)
    await updateProfile(tx, before.id, configuration.profile, now)
    if (Object.keys(configuration.limits).length > 0) await upsertLimits(tx, before.id, configuration.limits)
  }
  const isStatusChange = isReadOnly !== undefined && isReadOnly !== (before.status === 'frozen')
  if (isStatusChange) await changeStatus(tx, before, { to: isReadOnly ? 'frozen' : 'active', reason: null, now })
  else if (configuration && movesTokens(before, configuration.profile)) await raiseGates(tx, [before.id])
}

/** Whether tokens that were good may be good no longer, or the other way round. */
function movesTokens(before: OrgWorkspaceRow, { publicKeys, jwksUri, disableSecretKeyAuth: isDisabled }: ProfilePatch): boolean {
  return publicKeys !== undefined || jwksUri !== undefined || (isDisabled !== undefined && isDisabled !== before.disable_secret_key_auth)
}

/** The route is open while frozen for `isReadOnly` alone. */
function refuseByStatus({ status }: OrgWorkspaceRow, { configuration }: ConfigurationChange): void {
  if (status === 'deleted') throw invalidState(status, 'nothing of it can be changed')
  if (status === 'offboarding' || (status === 'frozen' && configuration)) {
    throw new AppError('workspace_frozen', 'Unfreeze the workspace first: send `{"isReadOnly":false}` alone.')
  }
}
