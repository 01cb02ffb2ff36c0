export type { NewRelationship } from './queries.ts'
export { deleteRelationship, gatesOf, insertRelationship } from './relationships.ts'
