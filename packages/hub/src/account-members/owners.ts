import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { countOwners } from './queries.ts'

/**
 * Members change under the account's exclusive lock: permissions are decided again once it is held, and no owner can
 * go while another one's leaving is being decided.
 */
export const oneAtATime = { lock: 'exclusive' } as const

/** Throws unless the caller may make, change and remove owners. */
export function refuseUnlessOwner(ctx: RequestContext): void {
  if (ctx.permissions.has('transfer')) return
  throw new AppError('forbidden', 'Only an owner of the account makes, changes or removes an owner. Ask one of them.', {
    members: { permission: 'transfer' },
  })
}

/** Throws `last_owner` where nobody else would own the account. */
export async function refuseLastOwner(tx: Tx, accountId: string): Promise<void> {
  if ((await countOwners(tx, accountId)) > 1) return
  throw new AppError('last_owner', 'Somebody has to own the account. Make somebody else an owner first.')
}
