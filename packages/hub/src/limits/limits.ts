import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { findLimit } from './queries.ts'

/** What a new workspace may have at most. */
export const defaultLimits = { environments: 20, api_keys: 200 } as const
export type LimitName = keyof typeof defaultLimits

/** Throws `limit_reached` when one more would be too many. */
export async function refuseOverLimit(tx: Tx, workspaceId: string, name: LimitName, used: number): Promise<void> {
  const allowed = await findLimit(tx, workspaceId, name)
  if (allowed === null || used < allowed) return
  throw new AppError('limit_reached', `This workspace may have ${allowed} ${name.replace('_', ' ')}. Remove one, or ask the operator for more.`, {
    members: { limit: name, allowed, used },
  })
}
