import { type Definition, type Expression, type Permission, type Relation, type Schema, SchemaError } from './schema-types.ts'
import { climbableRelations, memberKey } from './usersets.ts'

/** Refuses what SpiceDB would refuse when the schema is written, what it only warns of, and recursion other than groups in groups. */
export function validateSchema(schema: Schema): void {
  for (const definition of schema.definitions.values()) {
    for (const member of definition.members.values()) {
      if (member.kind === 'relation') validateRelation(schema, definition, member)
      else forEachLeaf(member.expression, (leaf) => validateLeaf(schema, definition, leaf))
    }
  }
  refuseRecursion(schema)
}

type Leaf = Extract<Expression, { kind: 'reference' | 'arrow' }>

/** Visits the relations, permissions and arrows that an expression names. */
export function forEachLeaf(expression: Expression, visit: (leaf: Leaf) => void): void {
  if (expression.kind === 'reference' || expression.kind === 'arrow') visit(expression)
  else if (expression.kind === 'exclusion') for (const side of [expression.base, expression.except]) forEachLeaf(side, visit)
  else if (expression.kind !== 'nil') for (const operand of expression.operands) forEachLeaf(operand, visit)
}

function validateRelation(schema: Schema, definition: Definition, relation: Relation) {
  const seen = new Set<string>()
  for (const subject of relation.subjects) {
    const target = schema.definitions.get(subject.type)
    if (target === undefined) throw new SchemaError(`no definition \`${subject.type}\``, subject.at)
    const key = `${subject.type}#${subject.relation ?? ''}${subject.wildcard ? '*' : ''}${subject.expires ? '!' : ''}`
    if (seen.has(key)) throw new SchemaError(`\`${relation.name}\` of \`${definition.name}\` names the same subject twice`, subject.at)
    seen.add(key)
    if (subject.relation === undefined) continue
    if (!target.members.has(subject.relation)) throw new SchemaError(`no \`${subject.relation}\` in \`${subject.type}\``, subject.at)
    // A wildcard reached through a userset would open everything the userset holds to everybody, unseen where it is granted.
    if (reachesWildcard(target, subject.relation))
      throw new SchemaError(`\`${subject.type}#${subject.relation}\` holds a wildcard`, subject.at)
  }
}

function reachesWildcard(definition: Definition, name: string, seen = new Set<string>()): boolean {
  const member = definition.members.get(name)
  if (member === undefined || seen.has(name)) return false
  seen.add(name)
  if (member.kind === 'relation') return member.subjects.some((subject) => subject.wildcard)
  let found = false
  forEachLeaf(member.expression, (leaf) => {
    if (leaf.kind === 'reference' && reachesWildcard(definition, leaf.name, seen)) found = true
  })
  return found
}

function validateLeaf(schema: Schema, definition: Definition, leaf: Leaf) {
  const name = leaf.kind === 'reference' ? leaf.name : leaf.relation
  const member = definition.members.get(name)
  if (member === undefined) throw new SchemaError(`no \`${name}\` in \`${definition.name}\``, leaf.at)
  if (leaf.kind === 'reference') return
  if (member.kind === 'permission') throw new SchemaError(`an arrow starts at a relation, and \`${name}\` is a permission`, leaf.at)
  if (member.subjects.some((subject) => subject.wildcard || subject.relation !== undefined)) {
    throw new SchemaError(`an arrow needs plain subjects, and \`${name}\` takes usersets or a wildcard`, leaf.at)
  }
  const reachable = member.subjects.some((subject) => schema.definitions.get(subject.type)?.members.has(leaf.target))
  if (!reachable) throw new SchemaError(`nothing that \`${name}\` points to has \`${leaf.target}\``, leaf.at)
}

/**
 * Groups in groups are safe: they are climbed from the subject with a set of those seen. Any other recursion through the
 * tuples could run in circles, and under an exclusion a cut circle would have no defined answer.
 */
function refuseRecursion(schema: Schema) {
  const climbable = climbableRelations(schema)
  const done = new Set<string>()
  const open = new Set<string>()

  const visit = (type: string, name: string) => {
    const key = memberKey(type, name)
    const definition = schema.definitions.get(type)
    const member = definition?.members.get(name)
    if (definition === undefined || member === undefined || done.has(key)) return
    if (open.has(key)) throw new SchemaError(`\`${key}\` depends on itself`, member.at)
    open.add(key)
    for (const next of dependencies(definition, member)) if (!climbable.has(memberKey(...next))) visit(...next)
    open.delete(key)
    done.add(key)
  }
  for (const definition of schema.definitions.values()) for (const name of definition.members.keys()) visit(definition.name, name)
}

function dependencies(definition: Definition, member: Relation | Permission): [type: string, name: string][] {
  if (member.kind === 'relation') {
    return member.subjects.flatMap((subject) => (subject.relation === undefined ? [] : [[subject.type, subject.relation]]))
  }
  const found: [string, string][] = []
  forEachLeaf(member.expression, (leaf) => {
    if (leaf.kind === 'reference') found.push([definition.name, leaf.name])
    else for (const parent of parentTypes(definition, leaf.relation)) found.push([parent, leaf.target])
  })
  return found
}

/** The types of object that an arrow over `relation` leads to. */
export function parentTypes(definition: Definition, relation: string): string[] {
  const member = definition.members.get(relation)
  return member?.kind === 'relation' ? [...new Set(member.subjects.map((subject) => subject.type))] : []
}
