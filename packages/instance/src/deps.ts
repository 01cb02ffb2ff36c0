import type { Db, Tx } from '@freehold/db'

/** What the instance's features need of the hub, which may be another process. The server wires it. */
export type InstanceDeps = { keys: WorkspaceKeys; limits: Limits; environments: Environments }

/** A workspace's own key of 32 bytes. What it sealed is stored beside the version. */
export type DataKey = { version: number; key: Buffer }

/** Data keys. The scope is the workspace. Throws `sealed` where the installation has no root key. */
export type WorkspaceKeys = {
  /** The newest key, which seals; made when first asked for. */
  newest(tx: Tx, workspaceId: string, now: Date): Promise<DataKey>
  /** The key that sealed something. */
  at(db: Db, workspaceId: string, version: number): Promise<DataKey>
}

export type LimitName = 'secrets' | 'credentials' | 'files' | 'file_bytes' | 'vault_collections' | 'vault_records'
export type Limits = {
  /** What the workspace may have, for who is far below it. */
  read(db: Db, workspaceId: string, name: LimitName): Promise<number>
  /**
   * Throws `limit_reached` when `adding` more (one unless told) would be too many. Whoever adds to the same limit waits until
   * this transaction has ended, and `countUsed` runs behind that.
   */
  refuseOver(tx: Tx, workspaceId: string, name: LimitName, countUsed: () => Promise<number>, adding?: number): Promise<void>
}

export type Environments = {
  /** Throws `not_found` where the workspace has no environment of this slug. */
  require(db: Db, workspaceId: string, slug: string): Promise<void>
}
