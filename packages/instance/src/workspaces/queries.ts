import { build, type Tx } from '@freehold/db'

export type NewInstanceWorkspace = { workspaceId: string; region: string; tenancyModel: string; now: Date }

/** The instance's own record of a workspace; the one that is there already stays. */
export function insertWorkspace(tx: Tx, workspace: NewInstanceWorkspace) {
  return tx.run(
    build
      .insertInto('instance.workspace')
      .values({
        workspace_id: workspace.workspaceId,
        region: workspace.region,
        tenancy_model: workspace.tenancyModel,
        applied_version: 1,
        created_at: workspace.now,
      })
      .onConflict((conflict) => conflict.column('workspace_id').doNothing()),
  )
}

export function deleteWorkspace(tx: Tx, workspaceId: string) {
  return tx.run(build.deleteFrom('instance.workspace').where('workspace_id', '=', workspaceId))
}
