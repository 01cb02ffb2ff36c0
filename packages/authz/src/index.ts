export { type ConformanceCase, conformanceCases } from './conformance/cases.ts'
export { type CheckResult, createEngine, type Engine, type LookupResult, permissionNames, type PermissionsResult } from './engine.ts'
export { AuthzError, PermissionsUnavailable } from './errors.ts'
export { authorize, type Authorizer, type Granted, mintGranted } from './granted.ts'
export type { Through } from './lookup.ts'
export { createMemoryReader, type MemoryReader } from './memory-reader.ts'
export { parseObject, parseRelationship, parseSubject } from './notation.ts'
export { parseSchema } from './parser.ts'
export {
  formatRelationship,
  type ObjectRef,
  type Relationship,
  type RelationOfType,
  type RelationshipReader,
  type SubjectRef,
} from './relationship.ts'
export { productEngine, productSchema, readSchemaText } from './schema.ts'
export { type Schema, SchemaError } from './schema-types.ts'
export { assertWritable, rolesThatGrant } from './writable.ts'
