import type { InputOf, RequestContext } from '@freehold/authz/request'
import { requireWorkspace } from './find-workspace.ts'
import { updateWorkspace as updateRow } from './queries.ts'
import { toWorkspace, workspaceSnapshot } from './workspace-answer.ts'

export async function updateWorkspace(ctx: RequestContext, { body }: InputOf<'updateWorkspace'>) {
  const workspace = ctx.granted('workspace', 'administer')
  const row = await ctx.mutate('workspace.update', workspace, async (tx) => {
    const before = await requireWorkspace(tx, workspace)
    await updateRow(tx, workspace.id, body, ctx.clock.now())
    const after = await requireWorkspace(tx, workspace)
    return {
      resource: { kind: 'workspace', id: workspace.id, label: after.name },
      before: workspaceSnapshot(before),
      after: workspaceSnapshot(after),
      result: after,
    }
  })
  return toWorkspace(row, ctx.permissions)
}
