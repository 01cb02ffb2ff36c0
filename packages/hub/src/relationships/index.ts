export type { NewRelationship } from './queries.ts'
export { deleteRelationship, insertRelationship } from './relationships.ts'
