import Type, { type Static } from 'typebox'
import { slugPattern } from '@freehold/kit/slug'
import { permissions } from '../permissions.ts'
import { Name, Strict, Timestamp, Uuid } from './fields.ts'

export const Slug = Type.String({
  pattern: slugPattern,
  description: 'Lowercase letters and digits joined by single hyphens, 2 to 48 characters; unique; never changed',
})

export const Account = Strict({
  id: Uuid,
  name: Type.String(),
  slug: Type.String(),
  created_at: Timestamp,
  updated_at: Timestamp,
  permissions: Type.Array(Type.Enum([...permissions.account]), { description: 'What you may do on this account' }),
})
export type Account = Static<typeof Account>

export const NewAccount = Strict({ name: Name, slug: Type.Optional(Slug) })
export const AccountChange = Strict({ name: Name })
