import type { Relationship } from '@freehold/authz'

/**
 * The tuples of an environment: it belongs to its workspace, and beside that tells when it is open to `deploy`. What is
 * not said to be unprotected is protected.
 */
export function environmentRelationships(workspaceId: string, environment: { id: string; protected: boolean }): Relationship[] {
  const resource = { type: 'environment', id: environment.id }
  const subject = { type: 'workspace', id: workspaceId }
  const relations = environment.protected ? ['workspace'] : ['workspace', 'unprotected']
  return relations.map((relation) => ({ resource, relation, subject, expiresAt: null }))
}
