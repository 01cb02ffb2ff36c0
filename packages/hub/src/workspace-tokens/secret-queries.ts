import { build, type Tx } from '@freehold/db'
import { sql } from 'kysely'

export type NewSecret = { workspaceId: string; id: string; sealed: Buffer; keyVersion: number; now: Date }

export function insertSecret(tx: Tx, { workspaceId, id, sealed, keyVersion, now }: NewSecret) {
  return tx.run(
    build.insertInto('hub.workspace_secret').values({ workspace_id: workspaceId, id, sealed, key_version: keyVersion, created_at: now }),
  )
}

export async function countSecrets(tx: Tx, workspaceId: string): Promise<number> {
  const rows = await tx.rows(build.selectFrom('hub.workspace_secret').select('id').where('workspace_id', '=', workspaceId))
  return rows.length
}

/** Removes the secrets that have ended, and with `all` those that have not. */
export function deleteSecrets(tx: Tx, workspaceId: string, { all, now }: { all: boolean; now: Date }) {
  return tx.run(
    build
      .deleteFrom('hub.workspace_secret')
      .where('workspace_id', '=', workspaceId)
      .$if(!all, (query) => query.where('expires_at', '<=', now)),
  )
}

/** Gives every secret an end; one that ends sooner keeps its own. */
export function endSecrets(tx: Tx, workspaceId: string, endsAt: Date) {
  return tx.run(
    build
      .updateTable('hub.workspace_secret')
      .set({ expires_at: sql<Date>`least(expires_at, ${endsAt}::timestamptz)`, grace_seconds: null })
      .where('workspace_id', '=', workspaceId),
  )
}

/** Lets every secret without an end wait for a newer one's first use; a shorter grace that was promised stays. */
export function awaitSuccessor(tx: Tx, workspaceId: string, graceSeconds: number) {
  return tx.run(
    build
      .updateTable('hub.workspace_secret')
      .set({ grace_seconds: sql<number>`least(grace_seconds, ${graceSeconds}::integer)` })
      .where('workspace_id', '=', workspaceId)
      .where('expires_at', 'is', null),
  )
}

/** Begins the grace of whatever waits for this secret, or for an older one. */
export function beginGrace(tx: Tx, workspaceId: string, { usedId, now }: { usedId: string; now: Date }) {
  return tx.rows(
    build
      .updateTable('hub.workspace_secret')
      .set({ expires_at: sql<Date>`${now}::timestamptz + make_interval(secs => grace_seconds)`, grace_seconds: null })
      .where('workspace_id', '=', workspaceId)
      .where('id', '<', usedId)
      .where('expires_at', 'is', null)
      .where('grace_seconds', 'is not', null)
      .returning(['id', 'expires_at']),
  )
}

/** Secrets sealed under a data key older than `version`, held until the transaction ends. */
export function listSecretsBelow(tx: Tx, workspaceId: string, { version, limit }: { version: number; limit: number }) {
  return tx.rows(
    build
      .selectFrom('hub.workspace_secret')
      .select(['id', 'sealed', 'key_version'])
      .where('workspace_id', '=', workspaceId)
      .where('key_version', '<', version)
      .orderBy('id')
      .limit(limit)
      .forUpdate(),
  )
}

export function updateSealed(tx: Tx, { workspaceId, id, sealed, keyVersion }: Omit<NewSecret, 'now'>) {
  return tx.run(
    build
      .updateTable('hub.workspace_secret')
      .set({ sealed, key_version: keyVersion })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id),
  )
}
