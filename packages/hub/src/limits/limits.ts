import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import type { LimitName } from './default-limits.ts'
import { findLimit } from './queries.ts'

/** Throws `limit_reached` when one more would be too many. */
export async function refuseOverLimit(tx: Tx, workspaceId: string, name: LimitName, used: number): Promise<void> {
  const allowed = await findLimit(tx, workspaceId, name)
  if (allowed === null || used < allowed) return
  throw new AppError(
    'limit_reached',
    `This workspace may have ${allowed} ${name.replace('_', ' ')}. Remove one, or ask the operator for more.`,
    {
      members: { limit: name, allowed, used },
    },
  )
}
