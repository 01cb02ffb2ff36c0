import Type, { type Static } from 'typebox'
import { slugPattern } from '@freehold/kit/slug'
import { permissions } from '../permissions.ts'
import { Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'

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
  require_second_factor: Type.Boolean({ description: 'People without a second factor reach nothing of this account' }),
  max_api_key_lifetime_seconds: Nullable(Type.Integer({ description: 'The longest life of an API key of its workspaces; null is any' })),
  permissions: Type.Array(Type.Enum([...permissions.account]), { description: 'What you may do on this account' }),
})
export type Account = Static<typeof Account>

export const NewAccount = Strict({ name: Name, slug: Type.Optional(Slug) })
export const AccountChange = Type.Object(
  {
    name: Type.Optional(Name),
    require_second_factor: Type.Optional(Type.Boolean()),
    max_api_key_lifetime_seconds: Type.Optional(Nullable(Type.Integer({ minimum: 60, maximum: 31_536_000 }))),
  },
  { additionalProperties: false, minProperties: 1 },
)
