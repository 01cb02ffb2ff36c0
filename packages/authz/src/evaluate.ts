import { climbFrom, membershipIn } from './memberships.ts'
import type { ObjectRef, Relationship, SubjectRef } from './relationship.ts'
import type { Expression, Permission, Relation } from './schema-types.ts'
import { type Answer, expiryOf, nodeOf, type Session } from './session.ts'
import { memberKey } from './usersets.ts'

const refused: Answer = { allowed: false, until: Infinity, path: [] }
type Node = ReturnType<typeof nodeOf>

/** Whether the subject has a permission, or stands in a relation, to an object; undefined while tuples are on their way. */
export function evaluate(session: Session, resource: ObjectRef, name: string): Answer | undefined {
  return evaluateMember(session, nodeOf(session, resource), name)
}

function evaluateMember(session: Session, node: Node, name: string): Answer | undefined {
  const known = node.answers.get(name)
  if (known !== undefined) return known
  const member = node.definition.members.get(name)
  if (member === undefined) return refused
  const answer = isSubjectItself(session.subject, node.ref, name)
    ? { allowed: true, until: Infinity, path: [] }
    : evaluateFresh(session, node, member)
  if (answer !== undefined) node.answers.set(name, answer)
  return answer
}

function evaluateFresh(session: Session, node: Node, member: Relation | Permission) {
  return member.kind === 'relation' ? evaluateRelation(session, node, member) : evaluateExpression(session, node, member.expression)
}

/** A userset has what it is: `group:x#member` is a member of group x. */
function isSubjectItself(subject: SubjectRef, resource: ObjectRef, name: string) {
  return subject.relation === name && subject.id === resource.id && subject.type === resource.type
}

function evaluateExpression(session: Session, node: Node, expression: Expression): Answer | undefined {
  switch (expression.kind) {
    case 'nil':
      return refused
    case 'reference':
      return evaluateMember(session, node, expression.name)
    case 'arrow':
      return evaluateArrow(session, node, expression.relation, expression.target)
    case 'union':
      return decide(expression.operands, true, (operand) => evaluateExpression(session, node, operand))
    case 'intersection':
      return decide(expression.operands, false, (operand) => evaluateExpression(session, node, operand))
    case 'exclusion':
      return evaluateExclusion(session, node, expression)
  }
}

/**
 * A union looks for one operand that is allowed, an intersection for one that is refused: `decisive` says which. Of several,
 * the one that stands longest is the answer; without any, all the others are, and stand as long as the first of them to end.
 */
function decide<T>(items: readonly T[], decisive: boolean, ask: (item: T) => Answer | undefined): Answer | undefined {
  let best: Answer | undefined
  let isMissing = false
  let until = Infinity
  let path: readonly Relationship[] = []
  for (const item of items) {
    const answer = ask(item)
    if (answer === undefined) isMissing = true
    else if (answer.allowed !== decisive) {
      until = Math.min(until, answer.until)
      if (answer.path.length > 0) path = path.length === 0 ? answer.path : [...path, ...answer.path]
    } else if (answer.until === Infinity) return answer
    else if (best === undefined || answer.until > best.until) best = answer
  }
  if (isMissing) return undefined
  if (best !== undefined) return best
  return decisive && until === Infinity ? refused : { allowed: !decisive, until, path }
}

function evaluateExclusion(session: Session, node: Node, expression: Extract<Expression, { kind: 'exclusion' }>): Answer | undefined {
  const base = evaluateExpression(session, node, expression.base)
  if (base !== undefined && !base.allowed && base.until === Infinity) return base
  const except = evaluateExpression(session, node, expression.except)
  if (base === undefined || except === undefined) return undefined
  if (base.allowed && !except.allowed) return { allowed: true, until: Math.min(base.until, except.until), path: base.path }
  // Refused for one reason or for both: it stands as long as the one that stands longest.
  const reasons = [base.allowed ? 0 : base.until, except.allowed ? except.until : 0]
  return { allowed: false, until: Math.max(...reasons), path: [] }
}

function evaluateRelation(session: Session, node: Node, relation: Relation): Answer | undefined {
  if (node.tuples === undefined) {
    prepareClimb(session, relation)
    return undefined
  }
  const tuples = node.tuples.get(relation.name)
  return tuples === undefined ? refused : decide(tuples, true, (tuple) => evaluateTuple(session, tuple))
}

/** Asks for the subject's groups in the same turn as for the object's tuples: one round trip instead of two. */
function prepareClimb(session: Session, relation: Relation) {
  const needed = relation.subjects.some((subject) => subject.relation !== undefined && isClimbable(session, subject.type, subject.relation))
  if (needed) climbFrom(session)
}

function evaluateArrow(session: Session, node: Node, relation: string, target: string): Answer | undefined {
  if (node.tuples === undefined) return undefined
  const tuples = node.tuples.get(relation)
  return tuples === undefined ? refused : decide(tuples, true, (tuple) => follow(tuple, evaluate(session, tuple.subject, target)))
}

function evaluateTuple(session: Session, tuple: Relationship): Answer | undefined {
  const { subject } = session
  const held = tuple.subject
  if (held.type === subject.type && held.relation === subject.relation && (held.id === subject.id || held.id === '*')) {
    return { allowed: true, until: expiryOf(tuple), path: [tuple] }
  }
  if (held.relation === undefined) return refused
  if (!isClimbable(session, held.type, held.relation)) return follow(tuple, evaluate(session, held, held.relation))
  const membership = membershipIn(session, held)
  if (membership === undefined) return undefined
  return membership === 'none' ? refused : follow(tuple, { allowed: true, ...membership })
}

function isClimbable(session: Session, type: string, relation: string) {
  return session.planner.climbable.has(memberKey(type, relation))
}

/**
 * What holds at the far end of a tuple holds at its near end while the tuple lasts. A refusal there may turn
 * into nothing worse when the tuple ends, so it stands as long as it does by itself.
 */
function follow(tuple: Relationship, answer: Answer | undefined): Answer | undefined {
  if (answer === undefined || !answer.allowed) return answer
  return { allowed: true, until: Math.min(answer.until, expiryOf(tuple)), path: [tuple, ...answer.path] }
}
