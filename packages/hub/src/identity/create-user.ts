import { AppError } from '@freehold/contract'
import { isUniqueViolation, type Tx } from '@freehold/db'
import { openGate } from '../gates/index.ts'
import { insertUser, updateUserIdentity } from './user-queries.ts'

type NewPerson = { id: string; name: string; email: string; passwordHash: string; at: Date }

/**
 * A person who signs in by e-mail (normalized) and password from now on, in the transaction in which they are born: its
 * scope must be theirs. Throws `conflict` where the e-mail is taken.
 */
export async function createUser(tx: Tx, { id, at, ...identity }: NewPerson): Promise<void> {
  await openGate(tx, 'user', id)
  await tx.run(insertUser({ id, name: identity.name, createdAt: at }))
  try {
    await tx.run(updateUserIdentity(id, { ...identity, at }))
  } catch (error) {
    if (!isUniqueViolation(error, 'app_user_by_email')) throw error
    throw new AppError('conflict', 'Somebody has signed up with this e-mail already. Sign in as that user first.')
  }
}
