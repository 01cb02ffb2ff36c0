import { AuthzError } from './errors.ts'
import { climbFrom, maxNesting } from './memberships.ts'
import { definitionOf } from './plan.ts'
import { objectKey, type ObjectRef, type Relationship, type SubjectRef } from './relationship.ts'
import type { Definition, Expression, Relation } from './schema-types.ts'
import { type Session, tuplesOfSubject } from './session.ts'
import { memberKey } from './usersets.ts'
import { parentTypes } from './validate.ts'

/** Every object of a type whose `relation` points to `parent`. */
export type Through = { readonly relation: string; readonly parent: ObjectRef }

/** Objects of one type: some by id, each once, some by what they belong to, which can stand for millions. */
type Reach = { readonly ids: readonly string[]; readonly through: ReadonlyMap<string, Through> }

const nothing: Reach = { ids: [], through: new Map() }

/** All objects of a type on which the subject has `name`; undefined while tuples are on their way. */
export function reach(session: Session, type: string, name: string): Reach | undefined {
  const definition = definitionOf(session.planner.schema, type)
  const member = definition.members.get(name)
  if (member === undefined) return nothing
  const found =
    member.kind === 'relation' ? reachByRelation(session, definition, member) : reachByExpression(session, definition, member.expression)
  const isSubjectItself = session.subject.relation === name && session.subject.type === type
  return found !== undefined && isSubjectItself ? merge([found, { ids: [session.subject.id], through: nothing.through }]) : found
}

function reachByExpression(session: Session, definition: Definition, expression: Expression): Reach | undefined {
  switch (expression.kind) {
    case 'nil':
      return nothing
    case 'reference':
      return reach(session, definition.name, expression.name)
    case 'arrow':
      return reachByArrow(session, definition, expression.relation, expression.target)
    case 'union': {
      const parts = whole(expression.operands.map((operand) => reachByExpression(session, definition, operand)))
      return parts && merge(parts)
    }
    case 'intersection': {
      const sets = whole(
        expression.operands.map((operand) => enumerate(session, definition, reachByExpression(session, definition, operand))),
      )
      return sets && { ids: sets.reduce(intersect), through: nothing.through }
    }
    case 'exclusion': {
      const sides = [expression.base, expression.except].map((side) =>
        enumerate(session, definition, reachByExpression(session, definition, side)),
      )
      const [base, except] = sides
      return base && except && { ids: subtract(base, except), through: nothing.through }
    }
  }
}

function reachByRelation(session: Session, definition: Definition, relation: Relation): Reach | undefined {
  const climb = climbFrom(session)
  if (climb.complete && climb.tooDeep) throw new AuthzError('depth', `groups nest deeper than ${maxNesting}`)
  const everybody = session.subject.relation === undefined ? [{ type: session.subject.type, id: '*' }] : []
  const usersets = climb.complete ? [...climb.found.values()].map(endOf) : [undefined]
  const holders: (SubjectRef | undefined)[] = [session.subject, ...everybody, ...usersets]
  for (const { type, relation: name } of relation.subjects) {
    if (name === undefined || session.planner.climbable.has(memberKey(type, name))) continue
    const objects = enumerate(session, definitionOf(session.planner.schema, type), reach(session, type, name))
    if (objects === undefined) holders.push(undefined)
    else for (const id of objects) holders.push({ type, id, relation: name })
  }
  // Asked for before anything is given up as missing, so that all of them travel together.
  const held = whole(holders.map((holder) => holder && tuplesOfSubject(session, holder)))
  if (held === undefined) return undefined

  return { ids: unite(held.map((tuples) => idsIn(tuples, definition, relation.name))), through: nothing.through }
}

function idsIn(tuples: ReadonlyMap<string, ReadonlyMap<string, readonly Relationship[]>>, definition: Definition, relation = ''): string[] {
  return (tuples.get(definition.name)?.get(relation) ?? []).map((tuple) => tuple.resource.id)
}

/** A membership's path begins at the userset that it leads from. */
function endOf({ path: [first] }: { readonly path: readonly { resource: ObjectRef; relation: string }[] }): SubjectRef | undefined {
  return first && { ...first.resource, relation: first.relation }
}

function reachByArrow(session: Session, definition: Definition, relation: string, target: string): Reach | undefined {
  const through = new Map<string, Through>()
  let isMissing = false
  for (const type of parentTypes(definition, relation)) {
    const parents = enumerate(session, definitionOf(session.planner.schema, type), reach(session, type, target))
    if (parents === undefined) isMissing = true
    else for (const id of parents) through.set(`${relation} ${objectKey({ type, id })}`, { relation, parent: { type, id } })
  }
  return isMissing ? undefined : { ids: nothing.ids, through }
}

/** Turns all of a reach into ids: needed below an arrow, an intersection or an exclusion. Costs as many tuples as there are objects. */
function enumerate(session: Session, definition: Definition, found: Reach | undefined): readonly string[] | undefined {
  if (found === undefined || found.through.size === 0) return found?.ids
  const links = [...found.through.values()]
  const held = whole(links.map(({ parent }) => tuplesOfSubject(session, parent)))
  return held && unite([found.ids, ...held.map((tuples, index) => idsIn(tuples, definition, links[index]?.relation))])
}

function merge(parts: readonly Reach[]): Reach {
  return { ids: unite(parts.map((part) => part.ids)), through: new Map(parts.flatMap((part) => [...part.through])) }
}

/** One list without repetition, of lists without repetition. Most often only one holds anything, and nothing is copied. */
function unite(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0)
  return filled.length > 1 ? [...new Set(filled.flat())] : (filled[0] ?? [])
}

function intersect(left: readonly string[], right: readonly string[]) {
  const kept = new Set(right)
  return left.filter((id) => kept.has(id))
}

function subtract(left: readonly string[], right: readonly string[]) {
  const dropped = new Set(right)
  return left.filter((id) => !dropped.has(id))
}

function whole<T>(parts: readonly (T | undefined)[]): T[] | undefined {
  return parts.includes(undefined) ? undefined : (parts as T[])
}
