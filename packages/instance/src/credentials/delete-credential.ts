import type { InputOf, RequestContext } from '@freehold/authz/request'
import { snapshotOf } from './credential-answer.ts'
import { refuseChangeOutside } from './environment-limits.ts'
import { existing } from './find-credential.ts'
import { deleteCredential as deleteRows, lockCredential } from './queries.ts'

/** Deletes a credential. No other becomes the default in its place: what reaches another account shall be chosen. */
export async function deleteCredential(ctx: RequestContext, { params }: InputOf<'deleteCredential'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  await ctx.mutate('credential.delete', workspace, async (tx) => {
    const before = existing(await lockCredential(tx, workspace.id, params.credential_id))
    refuseChangeOutside(ctx.principal, before.environment)
    await deleteRows(tx, { workspaceId: workspace.id, id: before.id })
    return { resource: { kind: 'credential', id: before.id, label: before.name }, before: snapshotOf(before), result: undefined }
  })
}
