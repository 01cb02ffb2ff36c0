import { type InputOf, labelKey, pageByLabel, type RequestContext, toPage } from '@freehold/authz/request'
import { toAccountMember } from './account-member-answer.ts'
import { noSuchMember, requirePerson } from './find-member.ts'
import { findStanding, listPeople, listStandings } from './queries.ts'

export async function listAccountMembers(ctx: RequestContext, { query }: InputOf<'listAccountMembers'>) {
  const account = ctx.granted('account', 'read')
  const page = pageByLabel(query)
  const standings = await listStandings(ctx.db, account.id)
  const ids = [...standings.keys()]
  if (ids.length === 0) return { items: [], next: null }
  const people = await listPeople(ctx.reading({ proof: { user_ids: ids.join(',') } }), ids, page)
  return toPage(people, page.limit, (person) => toAccountMember(person, standings.get(person.id)!), labelKey)
}

export async function getAccountMember(ctx: RequestContext, { params }: InputOf<'getAccountMember'>) {
  const account = ctx.granted('account', 'read')
  const standing = await findStanding(ctx.db, account.id, params.user_id.toLowerCase())
  if (!standing) throw noSuchMember()
  return toAccountMember(await requirePerson(ctx, standing.userId), standing)
}
