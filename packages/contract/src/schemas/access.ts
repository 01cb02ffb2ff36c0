import Type, { type Static } from 'typebox'
import { workspaceRoles } from '../permissions.ts'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

const Through = Strict({
  kind: Type.Enum(['direct', 'group', 'account'], { description: 'A grant of their own, a group that has one, or a role on the account' }),
  id: Uuid,
  label: Type.String(),
})

/** A person's effective access: the highest role, and every way that leads to it or to a lower one. */
export const Member = Strict({
  subject_type: Type.Enum(['user']),
  subject_id: Uuid,
  label: Type.String(),
  email: Nullable(Type.String()),
  role: Type.Enum([...workspaceRoles]),
  through: Type.Array(Through),
  last_active_at: Nullable(Timestamp),
})
export type Member = Static<typeof Member>

const SubjectType = Type.Enum(['user', 'group'])
const GrantRole = Type.Enum([...workspaceRoles])
const ExpiresAt = Nullable(Timestamp)

export const Grant = Strict({
  id: Uuid,
  subject_type: SubjectType,
  subject_id: Uuid,
  label: Type.String(),
  role: GrantRole,
  expires_at: ExpiresAt,
  created_at: Timestamp,
  created_by: Nullable(Uuid),
})
export type Grant = Static<typeof Grant>

const Subject = Type.String({ minLength: 1, maxLength: 254, description: "An id, or a person's e-mail" })

export const NewGrant = Strict({
  subject_type: SubjectType,
  subject: Subject,
  role: GrantRole,
  expires_at: Type.Optional(Type.Union([Timestamp, Type.Null()], { description: 'When it ends by itself; an owner has no such time' })),
})

export const GrantChange = Type.Object(
  { role: Type.Optional(GrantRole), expires_at: Type.Optional(ExpiresAt) },
  { additionalProperties: false, minProperties: 1 },
)

export const OwnershipTransfer = Strict({
  subject: Type.String({ minLength: 1, maxLength: 254, description: "The new owner's id or e-mail" }),
  keep_role: Type.Optional(
    Nullable(
      Type.Enum(['admin', 'edit', 'view'], { default: 'admin', description: 'Your role from then on; null leaves you none of your own' }),
    ),
  ),
})
