import type { ObjectRef, Relationship } from '@freehold/authz'
import type { RequestContext } from '@freehold/authz/request'
import type { Who } from './find-who.ts'
import { listGroupNames } from '../groups/index.ts'
import type { findStanding } from './queries.ts'

type Known = {
  who: Who
  standing: NonNullable<Awaited<ReturnType<typeof findStanding>>>
  workspaceId: string
  target: ObjectRef
  targetLabel: string
}
export type Named = { kind: string; id: string; label: string }

/** What stands on a path is the workspace, its account, groups of that account, and whom the question is about. */
export async function nameObjects(ctx: RequestContext, known: Known, path: readonly Relationship[]): Promise<(object: ObjectRef) => Named> {
  const ends = path.flatMap(({ resource, subject }) => [resource, subject])
  const groups = await listGroupNames(ctx.db, [...new Set(ends.filter(({ type }) => type === 'group').map(({ id }) => id))])
  const labels = new Map([
    ...groups,
    [known.standing.account_id, known.standing.account_name],
    [known.target.id, known.targetLabel],
    [known.workspaceId, known.standing.name],
    [known.who.id, known.who.label],
  ])
  return ({ type, id }) => ({ kind: type, id, label: labels.get(id) ?? id })
}
