import { assertWritable, productSchema, type ObjectRef, type Relationship } from '@freehold/authz'
import type { Tx } from '@freehold/db'
import { raiseGates } from '../gates/index.ts'
import { deleteRelationshipRows, insertRelationships, type NewRelationship } from './queries.ts'

// An environment stands or falls with its workspace, and an API key is revoked by its workspace's gate.
const gatedTypes = new Set(['user', 'group', 'account', 'workspace', 'installation'])

/**
 * Stores tuples (one that is there already stays as it is) and raises the gates of their resources and subjects, which must exist. The scope must hold each resource
 * (its workspace, its account, or the installation as a proof). Throws AuthzError for a tuple that the schema does not allow.
 */
export async function insertRelationship(tx: Tx, ...tuples: NewRelationship[]): Promise<void> {
  const schema = productSchema()
  for (const tuple of tuples) assertWritable(schema, tuple)
  await tx.run(insertRelationships(tuples))
  await raiseGates(tx, gatesOf(tuples))
}

/** Removes tuples, whatever their expiry, and raises the same gates. Answers whether any was there. */
export async function deleteRelationship(tx: Tx, ...tuples: Relationship[]): Promise<boolean> {
  if (tuples.length === 0) return false
  const deleted = await tx.run(deleteRelationshipRows(tuples))
  if (deleted > 0) await raiseGates(tx, gatesOf(tuples))
  return deleted > 0
}

/** The ids of the gates that a change of these tuples moves. */
export function gatesOf(tuples: readonly Relationship[]): string[] {
  const objects: ObjectRef[] = tuples.flatMap((tuple) => [tuple.resource, tuple.subject])
  return objects.filter((object) => gatedTypes.has(object.type)).map((object) => object.id)
}
