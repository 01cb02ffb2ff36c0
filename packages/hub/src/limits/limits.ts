import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import type { LimitName } from './default-limits.ts'
import { lockLimit } from './queries.ts'

/**
 * Throws `limit_reached` when `adding` more (one unless told) would be too many. Whoever adds to the same limit waits here until the
 * transaction has ended: `countUsed` runs behind the lock, so that two that begin together cannot both be the last.
 */
export async function refuseOverLimit(
  tx: Tx,
  workspaceId: string,
  name: LimitName,
  countUsed: () => Promise<number>,
  adding = 1,
): Promise<void> {
  const allowed = await lockLimit(tx, workspaceId, name)
  const used = await countUsed()
  if (used + adding <= allowed) return
  throw new AppError(
    'limit_reached',
    `This workspace may have ${allowed} ${name.replaceAll('_', ' ')}. Remove some, or ask the operator for more.`,
    {
      members: { limit: name, allowed, used },
    },
  )
}
