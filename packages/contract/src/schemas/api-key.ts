import Type, { type Static } from 'typebox'
import { apiKeyRoles } from '../permissions.ts'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

const listed = {
  id: Uuid,
  name: Type.String(),
  description: Type.String(),
  role: Type.Enum([...apiKeyRoles]),
  scopes: Type.Array(Type.String()),
  prefix: Type.String({ description: 'The public part of the key' }),
  created_at: Timestamp,
  created_by: Nullable(Uuid),
  last_used_at: Nullable(Timestamp),
  last_used_ip: Nullable(Type.String()),
  expires_at: Nullable(Timestamp),
  allowed_ips: Type.Array(Type.String()),
  allowed_origins: Type.Array(Type.String()),
  environments: Type.Array(Type.String(), { description: 'Slugs; empty is all of them' }),
  replaces: Nullable(Type.String({ format: 'uuid', description: 'The key that this one was rotated from' })),
}

export const lifetimesSeconds = [86_400, 604_800, 2_592_000, 7_776_000, 31_536_000] as const

export const ApiKey = Strict(listed)
export type ApiKey = Static<typeof ApiKey>
export const ApiKeyWithSecret = Strict({ ...listed, key: Type.String({ description: 'The key itself: in this answer and nowhere else' }) })

const lifetime = Type.Optional(
  Nullable(
    Type.Integer({ minimum: 60, maximum: 31_536_000, default: 7_776_000, description: 'Seconds; null never expires; 90 days unless told' }),
  ),
)

export const NewApiKey = Strict({
  name: Type.String({ minLength: 1, maxLength: 64, pattern: '\\S' }),
  description: Type.Optional(Type.String({ maxLength: 200 })),
  role: Type.Optional(Type.Enum([...apiKeyRoles], { default: 'edit' })),
  lifetime_seconds: lifetime,
  scopes: Type.Optional(
    Type.Array(Type.String({ maxLength: 64, description: '`resource:verb`, such as `sessions:read`, or `sessions:*` for all verbs' }), {
      maxItems: 50,
      description: 'What it may do at most, beside its role; empty leaves it to the role',
    }),
  ),
  allowed_ips: Type.Optional(Type.Array(Type.String({ maxLength: 50, description: 'An address or a CIDR range' }), { maxItems: 50 })),
  allowed_origins: Type.Optional(
    Type.Array(Type.String({ maxLength: 200, description: 'Such as `https://app.example.com`' }), { maxItems: 50 }),
  ),
  environments: Type.Optional(Type.Array(Type.String({ maxLength: 48 }), { maxItems: 50, description: 'Slugs; empty is all of them' })),
})
export type NewApiKey = Static<typeof NewApiKey>

export const PersonalToken = Strict({
  id: Uuid,
  name: Type.String(),
  prefix: Type.String(),
  created_at: Timestamp,
  last_used_at: Nullable(Timestamp),
  expires_at: Nullable(Timestamp),
})
export const PersonalTokenWithSecret = Strict({ ...PersonalToken.properties, token: Type.String({ description: 'Shown once' }) })
export const NewPersonalToken = Strict({ name: Type.String({ minLength: 1, maxLength: 64, pattern: '\\S' }), lifetime_seconds: lifetime })
