import type { Tx } from '@freehold/db'

export type TenantDeps = {
  /** Makes whatever was decided under the gates be decided anew: tokens of a tenant stop when its workspace's gate moves. */
  raiseGates(tx: Tx, ids: readonly string[]): Promise<void>
}
