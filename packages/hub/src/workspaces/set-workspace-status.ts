import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { requireWorkspace } from './find-workspace.ts'
import { updateWorkspaceStatus } from './queries.ts'
import { toWorkspace } from './workspace-answer.ts'

/**
 * Freezes or unfreezes in one transaction under the workspace's exclusive lock: it waits for the writers in flight and
 * holds later ones off until its gate has moved, so nothing is left to repair if the server dies half way.
 */
export async function setWorkspaceStatus(ctx: RequestContext, { body }: InputOf<'setWorkspaceStatus'>) {
  const workspace = ctx.granted('workspace', 'administer')
  const isFreeze = body.status === 'frozen'
  const row = await ctx.mutate(
    isFreeze ? 'workspace.freeze' : 'workspace.unfreeze',
    workspace,
    async (tx) => {
      const before = await requireWorkspace(tx, workspace)
      if (before.status !== (isFreeze ? 'active' : 'frozen')) {
        throw new AppError(
          'invalid_state',
          `The workspace is ${before.status}; only ${isFreeze ? 'an active one can be frozen' : 'a frozen one can be unfrozen'}.`,
          {
            members: { workspace_status: before.status },
          },
        )
      }
      await updateWorkspaceStatus(tx, workspace.id, body.status, isFreeze ? (body.reason ?? null) : null, ctx.clock.now())
      await raiseGates(tx, [workspace.id])
      const after = await requireWorkspace(tx, workspace)
      return {
        resource: { kind: 'workspace', id: workspace.id, label: after.name },
        before: { status: before.status },
        after: { status: after.status, ...(body.reason !== undefined && { reason: body.reason }) },
        result: after,
      }
    },
    { lock: 'exclusive' },
  )
  return toWorkspace(row, ctx.permissions)
}
