import Type, { type Static } from 'typebox'
import { accountRoles } from '../permissions.ts'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

const Role = Type.Enum([...accountRoles])

export const AccountMember = Strict({
  user_id: Uuid,
  label: Type.String(),
  email: Nullable(Type.String()),
  role: Role,
  created_at: Timestamp,
})
export type AccountMember = Static<typeof AccountMember>

export const NewAccountMember = Strict({
  subject: Type.String({ minLength: 1, maxLength: 254, description: "A person's id or e-mail" }),
  role: Role,
})
export const AccountMemberChange = Strict({ role: Role })
