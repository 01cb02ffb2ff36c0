import type { ObjectRef, Relationship, SubjectRef } from '../relationship.ts'
import type { Expression, Schema } from '../schema-types.ts'

/**
 * The meaning of a schema, written as directly as possible and without a thought for speed: recursion from the resource downward
 * over all tuples, with the usersets that are open on the way cut off. Shares no code with the engine.
 */
export function holds(
  schema: Schema,
  tuples: readonly Relationship[],
  subject: SubjectRef,
  name: string,
  object: ObjectRef,
  now: Date,
): boolean {
  const live = tuples.filter((tuple) => tuple.expiresAt === null || tuple.expiresAt > now)

  const has = (at: ObjectRef, what: string, open: readonly string[]): boolean => {
    const here = `${at.type} ${at.id} ${what}`
    if (open.includes(here)) return false
    if (subject.type === at.type && subject.id === at.id && subject.relation === what) return true
    const member = schema.definitions.get(at.type)?.members.get(what)
    if (member === undefined) return false
    if (member.kind === 'permission') return meets(at, member.expression, [...open, here])
    return stored(at, what).some(({ subject: held }) => {
      if (held.relation !== undefined && has(held, held.relation, [...open, here])) return true
      return held.type === subject.type && held.relation === subject.relation && (held.id === subject.id || held.id === '*')
    })
  }
  const stored = (at: ObjectRef, relation: string) => {
    const member = schema.definitions.get(at.type)?.members.get(relation)
    const kinds = member?.kind === 'relation' ? member.subjects : []
    return live.filter(({ resource, relation: name, subject: held }) => {
      if (resource.type !== at.type || resource.id !== at.id || name !== relation) return false
      return kinds.some((kind) => kind.type === held.type && kind.relation === held.relation && kind.wildcard === (held.id === '*'))
    })
  }
  const meets = (at: ObjectRef, expression: Expression, open: readonly string[]): boolean => {
    if (expression.kind === 'nil') return false
    if (expression.kind === 'reference') return has(at, expression.name, open)
    if (expression.kind === 'arrow') return stored(at, expression.relation).some((tuple) => has(tuple.subject, expression.target, open))
    if (expression.kind === 'exclusion') return meets(at, expression.base, open) && !meets(at, expression.except, open)
    if (expression.kind === 'union') return expression.operands.some((operand) => meets(at, operand, open))
    return expression.operands.every((operand) => meets(at, operand, open))
  }
  return has(object, name, [])
}
