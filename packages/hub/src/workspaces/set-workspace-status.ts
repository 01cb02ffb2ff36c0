import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { raiseGates } from '../gates/index.ts'
import { requireWorkspace } from './find-workspace.ts'
import { invalidState } from './invalid-state.ts'
import { updateWorkspaceStatus, type WorkspaceRow } from './queries.ts'
import { toWorkspace } from './workspace-answer.ts'

/**
 * Freezes or unfreezes in one transaction under the workspace's exclusive lock: it waits for the writers in flight and
 * holds later ones off until its gate has moved, so nothing is left to repair if the server dies half way.
 */
export async function setWorkspaceStatus(ctx: RequestContext, { body }: InputOf<'setWorkspaceStatus'>) {
  const workspace = ctx.granted('workspace', 'administer')
  const row = await ctx.mutate(
    body.status === 'frozen' ? 'workspace.freeze' : 'workspace.unfreeze',
    workspace,
    async (tx) => {
      const before = await requireWorkspace(tx, workspace)
      await changeStatus(tx, before, { to: body.status, reason: body.reason ?? null, now: ctx.clock.now() })
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

type StatusChange = { to: 'active' | 'frozen'; reason: string | null; now: Date }

/** The change itself, for who holds the exclusive lock. Throws `invalid_state`. */
export async function changeStatus(
  tx: Tx,
  workspace: Pick<WorkspaceRow, 'id' | 'status'>,
  { to, reason, now }: StatusChange,
): Promise<void> {
  const isFreeze = to === 'frozen'
  if (workspace.status !== (isFreeze ? 'active' : 'frozen')) {
    throw invalidState(workspace.status, isFreeze ? 'only an active one can be frozen' : 'only a frozen one can be unfrozen')
  }
  await updateWorkspaceStatus(tx, workspace.id, to, isFreeze ? reason : null, now)
  await raiseGates(tx, [workspace.id])
}
