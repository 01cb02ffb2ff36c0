import { AppError } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { findGroup, type GroupRow } from './queries.ts'

/**
 * Groups change under the account's exclusive lock: who is a member, what is inside what, and which groups there are
 * stand still while a change is decided.
 */
export const oneAtATime = { lock: 'exclusive' } as const

/** The group, if it is one of the account's. */
export async function requireGroup(db: Db, account: { id: string }, groupId: string): Promise<GroupRow> {
  const group = await findGroup(db, account.id, groupId)
  if (!group) throw noSuchGroup()
  return group
}

export function noSuchGroup(): AppError {
  return new AppError('not_found', 'No such group in this account. List its groups to see which there are.')
}

export function nameTaken(name: string): AppError {
  return new AppError('conflict', `The account has a group called "${name}" already. Choose another name.`)
}
