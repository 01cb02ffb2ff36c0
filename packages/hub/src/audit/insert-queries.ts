import type { Notification, Tx } from '@freehold/db'
import { build, channel } from '@freehold/db'
import type { NewAuditEvent } from './event.ts'
import { refuseSecrets } from './refuse-secrets.ts'

const insertText = `
  with event as (
    insert into hub.audit_event (id, chain_kind, chain_id, workspace_id, account_id, at, actor_kind, actor_id, actor_label,
      action, resource_kind, resource_id, resource_label, before, after, request_id, ip)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  ), waiting as (
    insert into hub.audit_unsealed (event_id, chain_kind, chain_id) values ($1, $2, $3)
  )
  select pg_notify('${channel}', $18)`

/**
 * Writes an event, puts it before the sealer and tells every process, in one statement of the caller's transaction.
 * The transaction's scope must hold the event's chain. Throws on a snapshot that names a secret.
 */
export async function insertAuditEvent(tx: Tx, event: NewAuditEvent): Promise<void> {
  const { id, chain, actor, resource, before = null, after = null } = event
  const workspaceId = event.workspaceId ?? (chain.kind === 'workspace' ? chain.id : null)
  const accountId = event.accountId ?? (chain.kind === 'account' ? chain.id : null)
  refuseSecrets(before)
  refuseSecrets(after)
  const notification: Notification = {
    kind: 'audit',
    id,
    ...(workspaceId && { workspace_id: workspaceId }),
    ...(accountId && { account_id: accountId }),
    ...(chain.kind === 'user' && { user_id: chain.id }),
  }
  await tx.sql({
    name: 'audit_insert',
    text: insertText,
    values: [
      id,
      chain.kind,
      chain.id,
      workspaceId,
      accountId,
      event.at,
      actor.kind,
      actor.id,
      actor.label,
      event.action,
      resource.kind,
      resource.id,
      resource.label,
      before && JSON.stringify(before),
      after && JSON.stringify(after),
      event.requestId,
      event.ip,
      JSON.stringify(notification),
    ],
  })
}

/** Under the workspace's scope: whose account its events are told to. */
export async function findAccountOfWorkspace(tx: Tx, workspaceId: string): Promise<string | null> {
  const row = await tx.first(build.selectFrom('hub.workspace').select('account_id').where('id', '=', workspaceId))
  return row?.account_id ?? null
}
