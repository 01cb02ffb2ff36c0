import { build, type Tx } from '@freehold/db'

/** Under the workspace's scope: whose account it is of, and what state it is in. */
export function findPlace(tx: Tx, workspaceId: string) {
  return tx.first(build.selectFrom('hub.workspace').select(['account_id', 'status']).where('id', '=', workspaceId))
}
