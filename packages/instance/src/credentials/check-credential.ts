import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type CredentialCheck } from '@freehold/contract'
import type { Outcome } from '@freehold/drivers'
import { connect } from './connect.ts'
import type { CredentialDeps } from './deps.ts'
import { refuseChangeOutside } from './environment-limits.ts'
import { existing } from './find-credential.ts'
import { type CredentialRow, findCredential, updateLastCheck } from './queries.ts'
import { openCredential } from './use-credential.ts'

/**
 * Connects and keeps what was found. It takes `manage_secrets` and not `execute`: each check sends the secret out, and many of a
 * wrong password lock an account, so who may neither set nor see it has no business trying it.
 */
export async function checkCredential(
  ctx: RequestContext,
  deps: CredentialDeps,
  { params }: InputOf<'checkCredential'>,
): Promise<CredentialCheck> {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const row = existing(await findCredential(ctx.db, workspace.id, params.credential_id))
  refuseChangeOutside(ctx.principal, row.environment)
  // Before the transaction: a freeze waits for those that are open, and shall not wait for a stranger's database.
  const startedAt = performance.now()
  const outcome = await findOutcome(ctx, deps, { workspaceId: workspace.id, row })
  const check = { ...outcome, checked_at: ctx.clock.now().toISOString(), latency_ms: Math.round(performance.now() - startedAt) }

  return ctx.mutate('credential.check', workspace, async (tx) => {
    const updated = await updateLastCheck(tx, { workspaceId: workspace.id, id: row.id, version: row.version }, check)
    if (!updated) throw new AppError('conflict', 'The credential was changed while it was checked. Check it again.')
    return { resource: { kind: 'credential', id: row.id, label: row.name }, after: { ok: check.ok, message: check.message }, result: check }
  })
}

async function findOutcome(
  ctx: RequestContext,
  { keys, egress }: CredentialDeps,
  { workspaceId, row }: { workspaceId: string; row: CredentialRow },
): Promise<Outcome> {
  if (row.needs_secret)
    return { ok: false, message: 'The secret is missing.', hint: 'Its address has changed since it was stored. Send it anew.' }
  const credential = await openCredential(ctx.db, { keys }, { workspaceId, row })
  if (ctx.dryRun) return { ok: false, message: 'Nothing was connected to: this is a dry run.', hint: null }
  return connect(egress, credential)
}
