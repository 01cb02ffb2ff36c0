import type { InputOf, RequestContext } from '@freehold/authz/request'
import { requireOrgWorkspace } from './find-org-workspace.ts'
import { toOrgWorkspace } from './org-workspace-answer.ts'

export async function getOrgWorkspace(ctx: RequestContext, _input: InputOf<'getOrgWorkspace'>) {
  return toOrgWorkspace(await requireOrgWorkspace(ctx.db, ctx.granted('workspace', 'read')))
}
