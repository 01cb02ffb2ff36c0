export type ObjectRef = { readonly type: string; readonly id: string }

/** A subject, or with `relation` a userset: everybody who has that relation to the object, as in `group:x#member`. Id `*` is every object of the type. */
export type SubjectRef = { readonly type: string; readonly id: string; readonly relation?: string }

/** One tuple: `subject` stands in `relation` to `resource`, until `expiresAt` (exclusive) or for good. */
export type Relationship = {
  readonly resource: ObjectRef
  readonly relation: string
  readonly subject: SubjectRef
  readonly expiresAt: Date | null
}

/** One relation of one type, as in `group#member`. */
export type RelationOfType = { readonly type: string; readonly relation: string }

type Answer = readonly Relationship[] | Promise<readonly Relationship[]>

/**
 * What the engine needs from storage. All answers for one decision come from one snapshot; a reader that answers
 * without a promise makes the decision without a turn of the event loop. Calls made in the same turn may be batched.
 */
export interface RelationshipReader {
  /**
   * All tuples `resource#relation@*` for the given relations. When `subject` is given, tuples that hold another plain
   * subject of its type (neither a userset nor `*`) may be left out: a large account then costs no more than a small one.
   */
  onResource(resource: ObjectRef, relations: readonly string[], subject?: SubjectRef): Answer
  /** All tuples whose subject is exactly this, with or without subject relation; those of relations outside `within` may be left out. */
  ofSubject(subject: SubjectRef, within: readonly RelationOfType[]): Answer
}

/** Identity of an object. Ids may hold any character, so the type stands first. */
export function objectKey(ref: ObjectRef): string {
  return `${ref.type}:${ref.id}`
}

/** Identity of a subject: `group#member:<id>`. The id stands last, so that no id can pass for a userset. */
export function subjectKey(ref: SubjectRef): string {
  return ref.relation === undefined ? `${ref.type}:${ref.id}` : `${ref.type}#${ref.relation}:${ref.id}`
}

/** `workspace:w1#admin@group:g1#member`, the notation of SpiceDB, with the expiry in brackets. */
export function formatRelationship(tuple: Relationship): string {
  const userset = tuple.subject.relation === undefined ? '' : `#${tuple.subject.relation}`
  const expiry = tuple.expiresAt === null ? '' : `[expiration:${tuple.expiresAt.toISOString()}]`
  return `${objectKey(tuple.resource)}#${tuple.relation}@${objectKey(tuple.subject)}${userset}${expiry}`
}
