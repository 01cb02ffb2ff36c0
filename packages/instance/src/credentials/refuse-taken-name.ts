import { AppError } from '@freehold/contract'
import { isUniqueViolation } from '@freehold/db'

/** Runs a change; throws `conflict` where another credential of the workspace has the name. */
export async function refuseTakenName<R>(change: Promise<R>): Promise<R> {
  try {
    return await change
  } catch (error) {
    if (!isUniqueViolation(error, 'credential_name')) throw error
    throw new AppError('conflict', 'Another credential of this workspace has that name. Choose another.', {
      cause: error,
      errors: [{ pointer: '/body/name', message: 'is taken' }],
    })
  }
}
