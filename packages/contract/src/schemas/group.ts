import Type, { type Static } from 'typebox'
import { Description, Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'

const ClaimValue = Type.String({
  minLength: 1,
  maxLength: 200,
  description: "Value of the identity provider's groups claim whose holders are members from their next sign-in on",
})

export const Group = Strict({
  id: Uuid,
  account_id: Uuid,
  name: Type.String(),
  description: Type.String(),
  claim_value: Nullable(Type.String()),
  members: Type.Integer({ description: 'People in it, without those of groups inside it' }),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Group = Static<typeof Group>

export const NewGroup = Strict({
  name: Name,
  description: Type.Optional(Description),
  claim_value: Type.Optional(Nullable(ClaimValue)),
})
export const GroupChange = Type.Object(
  { name: Type.Optional(Name), description: Type.Optional(Description), claim_value: Type.Optional(Nullable(ClaimValue)) },
  { additionalProperties: false, minProperties: 1 },
)

export const GroupMember = Strict({
  subject_type: Type.Enum(['user', 'group']),
  subject_id: Uuid,
  label: Type.String(),
  email: Nullable(Type.String()),
  source: Type.Enum(['direct', 'claim'], { description: 'Put there by hand, or by a claim at sign-in' }),
  created_at: Timestamp,
})
export type GroupMember = Static<typeof GroupMember>
