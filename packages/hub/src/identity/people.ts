import type { RequestContext } from '@freehold/authz/request'
import { isUuid } from '@freehold/kit'
import { normalizeEmail } from './email.ts'
import { findPerson, listNames, type Person } from './people-queries.ts'

/** Whoever an id or an e-mail address names, in whatever case it is written. */
export function findPersonNamed(ctx: RequestContext, named: string): Promise<Person | undefined> {
  if (isUuid(named)) {
    const id = named.toLowerCase()
    return findPerson(ctx.reading({ proof: { user_ids: id } }), { id })
  }
  const email = normalizeEmail(named)
  return findPerson(ctx.reading({ proof: { email } }), { email })
}

/** The names of people whose ids were found in what the caller may read. */
export async function namesOfPeople(ctx: RequestContext, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map()
  return listNames(ctx.reading({ proof: { user_ids: userIds.join(',') } }), userIds)
}
