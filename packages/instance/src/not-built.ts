import type { Handlers } from '@freehold/authz/request'
import { AppError, type OperationId } from '@freehold/contract'

export function notBuilt<Id extends OperationId>(...operations: Id[]): Pick<Handlers, Id> {
  const refuse = () => Promise.reject(new AppError('unavailable', 'This is not built yet.'))
  return Object.fromEntries(operations.map((operation) => [operation, refuse])) as unknown as Pick<Handlers, Id>
}
