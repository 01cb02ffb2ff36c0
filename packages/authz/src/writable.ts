import { AuthzError } from './errors.ts'
import { definitionOf } from './plan.ts'
import { formatRelationship, type Relationship } from './relationship.ts'
import type { Expression, Schema } from './schema-types.ts'

/** Throws AuthzError unless the schema allows a tuple to be stored: SpiceDB would refuse it, and the embedded engine would ignore it. */
export function assertWritable(schema: Schema, tuple: Relationship): void {
  const relation = definitionOf(schema, tuple.resource.type).members.get(tuple.relation)
  const { subject } = tuple
  const isAllowed =
    relation?.kind === 'relation' &&
    tuple.resource.id !== '*' &&
    relation.subjects.some(
      (allowed) =>
        allowed.type === subject.type &&
        allowed.relation === subject.relation &&
        allowed.wildcard === (subject.id === '*') &&
        allowed.expires === (tuple.expiresAt !== null),
    )
  if (!isAllowed) throw new AuthzError('unknown', `the schema does not allow ${formatRelationship(tuple)}`)
}

/**
 * What would give a permission on a type, to tell somebody who lacks it: relations of the type itself (`edit`) and arrows
 * (`account->administer`), in the order of the schema. Only those that suffice by themselves.
 */
export function rolesThatGrant(schema: Schema, type: string, permission: string): string[] {
  const definition = definitionOf(schema, type)
  const suffices = (expression: Expression): string[] => {
    if (expression.kind === 'arrow') return [`${expression.relation}->${expression.target}`]
    if (expression.kind === 'reference') return byName(expression.name)
    return expression.kind === 'union' ? expression.operands.flatMap(suffices) : []
  }
  const byName = (name: string): string[] => {
    const member = definition.members.get(name)
    if (member === undefined) throw new AuthzError('unknown', `${type} has no permission ${name}`)
    return member.kind === 'relation' ? [name] : suffices(member.expression)
  }
  return [...new Set(byName(permission))]
}
