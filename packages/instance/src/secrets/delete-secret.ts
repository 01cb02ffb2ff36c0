import type { InputOf, RequestContext } from '@freehold/authz/request'
import { noSecret } from './list-secrets.ts'
import { deleteSecret as deleteRow, lockSecret } from './queries.ts'
import { refuseManaged } from './refusals.ts'
import { deleteReminder } from './reminder-queries.ts'
import { resourceOf, snapshotOf } from './secret-answer.ts'

/** Removes a secret with all its versions: nothing brings them back. */
export async function deleteSecret(ctx: RequestContext, { params, query }: InputOf<'deleteSecret'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const at = { workspaceId: workspace.id, environment: query.environment ?? '', key: params.key }
  await ctx.mutate('secret.delete', workspace, async (tx) => {
    const row = (await lockSecret(tx, at))?.row
    if (!row) throw noSecret(at)
    refuseManaged(row)
    await Promise.all([deleteRow(tx, at), deleteReminder(tx, row.id)])
    return { resource: resourceOf(row), before: snapshotOf(row, ctx.clock.now()), result: undefined }
  })
}
