import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { findPersonNamed, type Person } from '../identity/index.ts'

/** The person of an id that stands in a role of the account, or may turn out to. Throws as for somebody without a role. */
export async function requirePerson(ctx: RequestContext, userId: string): Promise<Person> {
  const person = await findPersonNamed(ctx, userId)
  if (!person) throw noSuchMember()
  return person
}

export function noSuchMember(): AppError {
  return new AppError('not_found', 'Nobody with this id has a role on this account. List its members to see who has.')
}
