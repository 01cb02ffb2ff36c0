import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { raiseGates } from '../gates/index.ts'
import { requireWorkspace } from './find-workspace.ts'
import { invalidState } from './invalid-state.ts'
import { updateToRestored } from './queries.ts'
import { toWorkspace } from './workspace-answer.ts'

export async function restoreWorkspace(ctx: RequestContext, _input: InputOf<'restoreWorkspace'>) {
  return toWorkspace(await restore(ctx, requireWorkspace), ctx.permissions)
}

/** An archived workspace becomes what it was: frozen, with the reason, if it was frozen. `read` answers it as it then is. */
export function restore<R>(ctx: RequestContext, read: (tx: Tx, workspace: { id: string }) => Promise<R>): Promise<R> {
  const workspace = ctx.granted('workspace', 'administer')
  return ctx.mutate(
    'workspace.restore',
    workspace,
    async (tx) => {
      const { status } = await requireWorkspace(tx, workspace)
      if (status !== 'archived') throw invalidState(status, 'only an archived one can be restored')
      await updateToRestored(tx, workspace.id, ctx.clock.now())
      await raiseGates(tx, [workspace.id])
      const after = await requireWorkspace(tx, workspace)
      return {
        resource: { kind: 'workspace', id: workspace.id, label: after.name },
        before: { status },
        after: { status: after.status },
        result: await read(tx, workspace),
      }
    },
    { lock: 'exclusive' },
  )
}
