import Type, { type Static } from 'typebox'
import { Nullable, pageQuery, Strict, Timestamp, Uuid } from './fields.ts'

const Reference = Strict({ kind: Type.String(), id: Type.String(), label: Type.String() })
const Snapshot = Nullable(Type.Record(Type.String(), Type.Unknown()))

export const AuditEvent = Strict({
  id: Uuid,
  at: Timestamp,
  actor: Reference,
  action: Type.String(),
  resource: Reference,
  before: Snapshot,
  after: Snapshot,
  request_id: Nullable(Type.String()),
  ip: Nullable(Type.String()),
  workspace_id: Nullable(Uuid),
  account_id: Nullable(Uuid),
  seq: Nullable(Type.Integer({ description: 'Place in the chain; null until it is sealed, within a second' })),
})
export type AuditEvent = Static<typeof AuditEvent>

export const auditQuery = Strict({
  ...pageQuery,
  actor: Type.Optional(Type.String({ maxLength: 100, description: "The actor's id" })),
  action: Type.Optional(Type.String({ maxLength: 100, description: 'Such as `workspace.freeze`, or `workspace.` for all of its verbs' })),
  resource: Type.Optional(Type.String({ maxLength: 150, description: 'A kind (`api_key`), an id, or `kind:id`' })),
  since: Type.Optional(Timestamp),
  until: Type.Optional(Timestamp),
})

export const ChainVerification = Strict({
  valid: Type.Boolean(),
  events: Type.Integer({ description: 'Sealed events that were checked' }),
  unsealed: Type.Integer({ description: 'Events too new to be sealed' }),
  fault: Nullable(Strict({ seq: Type.Integer(), reason: Type.String() })),
  head: Nullable(Strict({ seq: Type.Integer(), hash: Type.String(), at: Timestamp, signature: Type.String(), public_key: Type.String() })),
})
export type ChainVerification = Static<typeof ChainVerification>

/** One line of an audit export: the event as it was hashed, and its place in the chain. */
export const SealedEvent = Type.Object(
  { seq: Type.Integer(), prev_hash: Type.String(), hash: Type.String() },
  { additionalProperties: true },
)
