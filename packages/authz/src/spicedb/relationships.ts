import { v1 } from '@authzed/authzed-node'
import type { Relationship } from '../relationship.ts'
import type { Call } from './connection.ts'
import { fromMessage, toConsistency, toMessage } from './messages.ts'

export type RelationshipChange = { op: 'touch' | 'delete'; tuple: Relationship }

const pageSize = 1000

/** Makes the changes, at most 1000, as one, each tuple at most once, and answers the ZedToken from which on they hold. */
export async function write(call: Call, changes: readonly RelationshipChange[]): Promise<string> {
  const { TOUCH, DELETE } = v1.RelationshipUpdate_Operation
  const { writtenAt } = await call((client) =>
    client.writeRelationships({
      updates: changes.map(({ op, tuple }) => ({
        operation: op === 'touch' ? TOUCH : DELETE,
        // Whatever its expiry, it is the one that is deleted.
        relationship: toMessage(op === 'touch' ? tuple : { ...tuple, expiresAt: null }),
      })),
      optionalPreconditions: [],
    }),
  )
  if (!writtenAt) throw new Error('SpiceDB answered a write without a token')
  return writtenAt.token
}

/** All live tuples of a resource type, in SpiceDB's order, a page at a time. */
export async function* readAll(call: Call, resourceType: string): AsyncGenerator<Relationship[]> {
  let cursor: v1.Cursor | undefined
  for (;;) {
    const page = await call((client) =>
      client.readRelationships({
        consistency: toConsistency(null),
        relationshipFilter: filter(resourceType),
        optionalLimit: pageSize,
        ...(cursor && { optionalCursor: cursor }),
      }),
    )
    yield page.flatMap(({ relationship }) => (relationship ? [fromMessage(relationship)] : []))
    cursor = page.at(-1)?.afterResultCursor
    if (page.length < pageSize || !cursor) return
  }
}

/** The tuple as SpiceDB has it now, and the state in which that is so; null where it has none. */
export async function find(call: Call, { resource, relation, subject }: Relationship): Promise<Relationship | null> {
  const [found] = await call((client) =>
    client.readRelationships({
      consistency: toConsistency(null),
      relationshipFilter: {
        ...filter(resource.type),
        optionalResourceId: resource.id,
        optionalRelation: relation,
        optionalSubjectFilter: {
          subjectType: subject.type,
          optionalSubjectId: subject.id,
          optionalRelation: { relation: subject.relation ?? '' },
        },
      },
      optionalLimit: 1,
    }),
  )
  return found?.relationship ? fromMessage(found.relationship) : null
}

function filter(resourceType: string): v1.RelationshipFilter {
  return { resourceType, optionalResourceId: '', optionalResourceIdPrefix: '', optionalRelation: '' }
}
