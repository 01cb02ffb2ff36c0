import { AuthzError } from './errors.ts'
import type { RelationOfType } from './relationship.ts'
import type { AllowedSubject, Definition, Relation, Schema } from './schema-types.ts'
import { climbableRelations, memberKey } from './usersets.ts'
import { forEachLeaf, parentTypes } from './validate.ts'

/** What a question can come to need, known from the schema alone. */
export type Plan = {
  /** The relations to load of an object, by its type. */
  readonly relations: ReadonlyMap<string, readonly string[]>
  /** The usersets that can hold the subject and are climbed to from it. */
  readonly memberships: readonly RelationOfType[]
  /** Both of the above: whatever a tuple that matters can be. */
  readonly everything: readonly RelationOfType[]
}

export type Planner = {
  readonly schema: Schema
  readonly climbable: ReadonlyMap<string, Relation>
  /** Types at the far end of an arrow. Their tuples are wanted whoever asks. */
  readonly arrowTargets: ReadonlySet<string>
  /** The plan for some members of a type, made once. `AuthzError` for a name that the schema does not have. */
  planFor(type: string, names: readonly string[]): Plan
}

export function createPlanner(schema: Schema): Planner {
  const climbable = climbableRelations(schema)
  const plans = new Map<string, Plan>()
  return {
    schema,
    climbable,
    arrowTargets: collectArrowTargets(schema),
    planFor(type, names) {
      const key = memberKey(type, names.join())
      const known = plans.get(key)
      if (known !== undefined) return known
      const plan = makePlan(schema, climbable, type, names)
      plans.set(key, plan)
      return plan
    },
  }
}

function makePlan(schema: Schema, climbable: ReadonlyMap<string, Relation>, type: string, names: readonly string[]): Plan {
  const relations = new Map<string, Set<string>>()
  const memberships = new Map<string, RelationOfType>()
  const seen = new Set<string>()

  const climb = (subject: AllowedSubject) => {
    if (subject.relation === undefined) return
    const key = memberKey(subject.type, subject.relation)
    const relation = climbable.get(key)
    if (relation === undefined) return visit(definitionOf(schema, subject.type), subject.relation)
    if (memberships.has(key)) return
    memberships.set(key, { type: subject.type, relation: subject.relation })
    relation.subjects.forEach(climb)
  }
  const load = (definition: Definition, relation: string) => {
    const wanted = relations.get(definition.name) ?? new Set()
    relations.set(definition.name, wanted.add(relation))
  }
  const visit = (definition: Definition, name: string) => {
    if (seen.has(memberKey(definition.name, name))) return
    seen.add(memberKey(definition.name, name))
    const member = definition.members.get(name)
    if (member === undefined) return
    if (member.kind === 'relation') {
      load(definition, name)
      return member.subjects.forEach(climb)
    }
    forEachLeaf(member.expression, (leaf) => {
      if (leaf.kind === 'reference') return visit(definition, leaf.name)
      load(definition, leaf.relation)
      for (const parent of parentTypes(definition, leaf.relation)) visit(definitionOf(schema, parent), leaf.target)
    })
  }

  const definition = definitionOf(schema, type)
  for (const name of names) {
    if (!definition.members.has(name)) throw new AuthzError('unknown', `${type} has no permission ${name}`)
    visit(definition, name)
  }
  const loaded = [...relations].flatMap(([of, set]) => [...set].map((relation) => ({ type: of, relation })))
  return {
    relations: new Map([...relations].map(([of, set]) => [of, [...set]])),
    memberships: [...memberships.values()],
    everything: [...loaded, ...memberships.values()],
  }
}

/** The definition of a type; AuthzError where there is none. */
export function definitionOf(schema: Schema, type: string): Definition {
  const definition = schema.definitions.get(type)
  if (definition === undefined) throw new AuthzError('unknown', `no type ${type}`)
  return definition
}

function collectArrowTargets(schema: Schema) {
  const targets = new Set<string>()
  for (const definition of schema.definitions.values()) {
    for (const member of definition.members.values()) {
      if (member.kind === 'relation') continue
      forEachLeaf(member.expression, (leaf) => {
        if (leaf.kind === 'arrow') for (const type of parentTypes(definition, leaf.relation)) targets.add(type)
      })
    }
  }
  return targets
}
