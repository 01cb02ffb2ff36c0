import { pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { type InvitationState, noSuchInvitation, toInvitation } from './invitation-answer.ts'
import type { InvitingPlace } from './place.ts'
import { findInvitation, listInvitationRows } from './queries.ts'

type ListQuery = { limit?: number; cursor?: string; state?: InvitationState }

/** Newest first. */
export async function listInvitations(ctx: RequestContext, place: InvitingPlace, { state, ...query }: ListQuery) {
  const page = pageById(query)
  const now = ctx.clock.now()
  const rows = await listInvitationRows(ctx.db, place, { page, state, now })
  return toPage(
    rows,
    page.limit,
    (row) => toInvitation(row, now),
    (row) => row.id,
  )
}

export async function getInvitation(ctx: RequestContext, place: InvitingPlace, id: string) {
  const row = await findInvitation(ctx.db, place, id)
  if (!row) throw noSuchInvitation()
  return toInvitation(row, ctx.clock.now())
}
