import type { RequestContext } from '@freehold/authz/request'
import { requireWorkspace } from './find-workspace.ts'
import { toWorkspace } from './workspace-answer.ts'

export async function getWorkspace(ctx: RequestContext) {
  const workspace = ctx.granted('workspace', 'read')
  return toWorkspace(await requireWorkspace(ctx.db, workspace), ctx.permissions)
}
