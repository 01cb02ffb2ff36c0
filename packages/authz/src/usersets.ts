import type { Relation, Schema } from './schema-types.ts'

/** Names a relation or permission of a type: `group#member`. */
export function memberKey(type: string, name: string): string {
  return `${type}#${name}`
}

/**
 * The relations used as usersets (`group#member`) whose whole membership can be found by climbing from a subject: they are
 * relations, and hold plain subjects and other such usersets only. The rest, such as `account#administer`, is evaluated from above.
 */
export function climbableRelations(schema: Schema): Map<string, Relation> {
  const climbable = new Map<string, Relation>()
  for (const definition of schema.definitions.values()) {
    for (const member of definition.members.values()) {
      if (member.kind === 'relation') climbable.set(memberKey(definition.name, member.name), member)
    }
  }
  // The greatest such set: begin with all relations and drop those that hold a userset which was dropped.
  for (let before = -1; before !== climbable.size;) {
    before = climbable.size
    for (const [key, relation] of climbable) {
      const holdsOther = relation.subjects.some(
        (subject) => subject.relation !== undefined && !climbable.has(memberKey(subject.type, subject.relation)),
      )
      if (holdsOther) climbable.delete(key)
    }
  }
  return climbable
}
