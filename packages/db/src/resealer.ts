import type { Tx } from './transaction.ts'

/** A workspace's own key of 32 bytes. What it sealed is stored beside the version, in a column `key_version`. */
export type DataKey = { version: number; key: Buffer }

export type ResealBatch = {
  workspaceId: string
  /** Under which everything is to be. */
  newest: DataKey
  /** The key that sealed a row. */
  at(version: number): Promise<DataKey>
  /** How many rows at most. */
  limit: number
}

/**
 * One table whose rows are sealed under data keys of workspaces. Each has one: a rotation of a workspace's key asks all of them, and drops
 * the older key once none has anything left.
 */
export type Resealer = {
  /** With its schema: `hub.workspace_secret`. */
  table: string
  /**
   * Opens up to `limit` rows whose `key_version` is below the newest and seals them under it, in `tx`, whose scope is the workspace; answers
   * how many there were. It selects them `for update`, because a writer may be at the same row, and touches nothing else of them.
   */
  reseal(tx: Tx, batch: ResealBatch): Promise<number>
}
