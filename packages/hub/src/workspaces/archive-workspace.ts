import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { raiseGates } from '../gates/index.ts'
import { requireWorkspace } from './find-workspace.ts'
import { invalidState } from './invalid-state.ts'
import { updateToArchived } from './queries.ts'
import { toWorkspace } from './workspace-answer.ts'

export async function archiveWorkspace(ctx: RequestContext, _input: InputOf<'archiveWorkspace'>) {
  return toWorkspace(await archive(ctx, requireWorkspace), ctx.permissions)
}

/**
 * Archives in one transaction under the workspace's exclusive lock: when it has answered, no write is in flight, and
 * every decision from before has to be made anew. `read` answers the workspace as it then is.
 */
export function archive<R>(ctx: RequestContext, read: (tx: Tx, workspace: { id: string }) => Promise<R>): Promise<R> {
  const workspace = ctx.granted('workspace', 'administer')
  return ctx.mutate(
    'workspace.archive',
    workspace,
    async (tx) => {
      const { status, name } = await requireWorkspace(tx, workspace)
      if (status !== 'active' && status !== 'frozen') throw invalidState(status, 'only an active or a frozen one can be archived')
      await updateToArchived(tx, workspace.id, ctx.clock.now())
      await raiseGates(tx, [workspace.id])
      return {
        resource: { kind: 'workspace', id: workspace.id, label: name },
        before: { status },
        after: { status: 'archived' },
        result: await read(tx, workspace),
      }
    },
    { lock: 'exclusive' },
  )
}
