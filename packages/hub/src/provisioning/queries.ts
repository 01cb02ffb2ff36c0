import { build, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'

const standard = [
  { slug: 'dev', name: 'Development', protected: false },
  { slug: 'staging', name: 'Staging', protected: false },
  { slug: 'prod', name: 'Production', protected: true },
] as const

/** Makes dev, staging and prod, where they are not there yet. */
export function insertStandardEnvironments(tx: Tx, workspaceId: string, now: Date) {
  return tx.run(
    build
      .insertInto('hub.environment')
      .values(standard.map((environment) => ({ ...environment, workspace_id: workspaceId, id: newId(now.getTime()), status: 'provisioning', created_at: now })))
      .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing()),
  )
}

export function listEnvironmentIds(tx: Tx, workspaceId: string) {
  return tx.rows(build.selectFrom('hub.environment').select(['id', 'protected']).where('workspace_id', '=', workspaceId))
}

export function deleteEnvironments(tx: Tx, workspaceId: string) {
  return tx.run(build.deleteFrom('hub.environment').where('workspace_id', '=', workspaceId))
}

export function activateEnvironments(tx: Tx, workspaceId: string) {
  return tx.run(build.updateTable('hub.environment').set({ status: 'active' }).where('workspace_id', '=', workspaceId))
}

/** Answers the name of the workspace when its status was one of `from`, else undefined: nothing is done twice. */
export function moveStatus(tx: Tx, workspaceId: string, change: { from: readonly Status[]; to: Status; reason: string | null; now: Date }) {
  return tx.first(
    build
      .updateTable('hub.workspace')
      .set({ status: change.to, status_reason: change.reason, updated_at: change.now })
      .where('id', '=', workspaceId)
      .where('status', 'in', change.from)
      .returning('name'),
  )
}

type Status = 'provisioning' | 'active' | 'failed' | 'deleted'
