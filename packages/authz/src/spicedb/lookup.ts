import { v1 } from '@authzed/authzed-node'
import { PermissionsUnavailable } from '../errors.ts'
import type { Through } from '../lookup.ts'
import { definitionOf } from '../plan.ts'
import type { SubjectRef } from '../relationship.ts'
import type { Definition, Expression, Schema } from '../schema-types.ts'
import { parentTypes } from '../validate.ts'
import type { Call } from './connection.ts'
import { type Freshness, toConsistency, toSubject } from './messages.ts'

export type Found = { ids: string[]; through: Through[] }
type Listing = { subject: SubjectRef; permission: string; resourceType: string }
type Part = { relation: string; target?: string }

const pageSize = 1000
/** A list for which more would have to be named one by one is refused: it would neither fit memory nor time. */
export const maxListed = 100_000

/**
 * All resources of a type on which the subject has the permission. Where the schema says that whoever has a permission on a
 * parent has it on all that hangs on it, the parent is named and not what hangs on it, which can be millions.
 */
export async function lookup(call: Call, schema: Schema, listing: Listing, freshness: Freshness): Promise<Found> {
  const { subject, permission, resourceType } = listing
  const definition = definitionOf(schema, resourceType)
  // A userset is itself a member of what it names, on any level: SpiceDB knows that only of the whole question.
  const parts = subject.relation === undefined ? partsOf(definition, permission) : undefined
  if (parts === undefined) return { ids: await lookupIds(call, listing, freshness), through: [] }
  const ids = new Set<string>()
  const through: Through[] = []
  await Promise.all(
    parts.map(async ({ relation, target }) => {
      if (target === undefined) {
        for (const id of await lookupIds(call, { ...listing, permission: relation }, freshness)) ids.add(id)
        return
      }
      for (const type of parentTypes(definition, relation)) {
        if (!definitionOf(schema, type).members.has(target)) continue
        const parents = await lookupIds(call, { subject, permission: target, resourceType: type }, freshness)
        for (const id of parents) through.push({ relation, parent: { type, id } })
      }
    }),
  )
  return { ids: [...ids], through }
}

async function lookupIds(call: Call, { subject, permission, resourceType }: Listing, freshness: Freshness): Promise<string[]> {
  const ids = new Set<string>()
  let cursor: v1.Cursor | undefined
  for (;;) {
    const page = await call((client) =>
      client.lookupResources({
        consistency: toConsistency(freshness),
        resourceObjectType: resourceType,
        permission,
        subject: toSubject(subject),
        optionalLimit: pageSize,
        ...(cursor && { optionalCursor: cursor }),
      }),
    )
    for (const { permissionship, resourceObjectId } of page) {
      if (permissionship === v1.LookupPermissionship.HAS_PERMISSION) ids.add(resourceObjectId)
    }
    cursor = page.at(-1)?.afterResultCursor
    if (page.length < pageSize || !cursor) return [...ids]
    if (ids.size > maxListed) throw new PermissionsUnavailable('refused', `more than ${maxListed} of type ${resourceType} to list`)
  }
}

/** The relations and arrows of which a permission is the union; undefined where it is more than a union. */
function partsOf(definition: Definition, name: string): Part[] | undefined {
  const member = definition.members.get(name)
  if (member?.kind !== 'permission') return [{ relation: name }]
  return partsIn(definition, member.expression)
}

function partsIn(definition: Definition, expression: Expression): Part[] | undefined {
  switch (expression.kind) {
    case 'nil':
      return []
    case 'reference':
      return partsOf(definition, expression.name)
    case 'arrow':
      return [{ relation: expression.relation, target: expression.target }]
    case 'union': {
      const parts = expression.operands.map((operand) => partsIn(definition, operand))
      return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? [])
    }
    case 'intersection':
    case 'exclusion':
      return undefined
  }
}
