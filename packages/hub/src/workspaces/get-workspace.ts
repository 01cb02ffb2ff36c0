import type { InputOf, RequestContext } from '@freehold/authz/request'
import { requireWorkspace } from './find-workspace.ts'
import { toWorkspace } from './workspace-answer.ts'

export async function getWorkspace(ctx: RequestContext, _input: InputOf<'getWorkspace'>) {
  const workspace = ctx.granted('workspace', 'read')
  return toWorkspace(await requireWorkspace(ctx.db, workspace), ctx.permissions)
}
