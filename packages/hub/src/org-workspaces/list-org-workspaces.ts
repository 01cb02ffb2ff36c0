import type { InputOf, RequestContext } from '@freehold/authz/request'
import { listReadable } from '../workspaces/index.ts'
import { findOrgWorkspaces } from './find-org-workspace.ts'
import { toOrgWorkspace } from './org-workspace-answer.ts'

/** Who may read the account need not be one who may read all its workspaces. */
export async function listOrgWorkspaces(ctx: RequestContext, { query }: InputOf<'listOrgWorkspaces'>) {
  const account = ctx.granted('account', 'read')
  const page = await listReadable(ctx, query, { accountId: account.id })
  const ids = page.items.map(({ id }) => id)
  const found = await findOrgWorkspaces(ctx.reading({ listedWorkspaceIds: ids }), ids)
  return { items: ids.flatMap((id) => found.get(id) ?? []).map(toOrgWorkspace), next: page.next }
}
