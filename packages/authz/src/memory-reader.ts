import { formatRelationship, objectKey, type Relationship, type RelationshipReader, subjectKey } from './relationship.ts'

/** Tuples kept in memory, by resource and by subject. One with the same resource, relation and subject is replaced. */
export type MemoryReader = RelationshipReader & {
  write(tuple: Relationship): void
  remove(tuple: Relationship): void
}

export function createMemoryReader(tuples: Iterable<Relationship> = []): MemoryReader {
  const byResource = new Map<string, Map<string, Relationship>>()
  const bySubject = new Map<string, Map<string, Relationship>>()
  const identity = (tuple: Relationship) => formatRelationship({ ...tuple, expiresAt: null })
  const shelf = (index: typeof byResource, key: string) => {
    const found = index.get(key) ?? new Map<string, Relationship>()
    index.set(key, found)
    return found
  }

  const reader: MemoryReader = {
    onResource: (resource, relations) =>
      [...(byResource.get(objectKey(resource))?.values() ?? [])].filter((tuple) => relations.includes(tuple.relation)),
    ofSubject: (subject) => [...(bySubject.get(subjectKey(subject))?.values() ?? [])],
    write(tuple) {
      shelf(byResource, objectKey(tuple.resource)).set(identity(tuple), tuple)
      shelf(bySubject, subjectKey(tuple.subject)).set(identity(tuple), tuple)
    },
    remove(tuple) {
      byResource.get(objectKey(tuple.resource))?.delete(identity(tuple))
      bySubject.get(subjectKey(tuple.subject))?.delete(identity(tuple))
    },
  }
  for (const tuple of tuples) reader.write(tuple)
  return reader
}
