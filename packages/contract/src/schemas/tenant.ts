import Type, { type Static } from 'typebox'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const TenantKey = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[\\x21-\\x7e]+$',
  description: 'What your back end calls the tenant: visible ASCII without spaces',
})
export const TenantName = Type.String({ minLength: 1, maxLength: 200 })
export const TenantFields = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  maxProperties: 50,
  description: 'Whatever you keep about the tenant',
})

export const Tenant = Strict({
  id: Uuid,
  key: Type.String(),
  name: Type.String(),
  fields: Type.Record(Type.String(), Type.Unknown()),
  status: Type.Enum(['active', 'disabled']),
  created_at: Timestamp,
  updated_at: Timestamp,
  disabled_at: Nullable(Timestamp),
})
export type Tenant = Static<typeof Tenant>

export const TenantChange = Type.Object(
  {
    status: Type.Optional(Type.Enum(['active', 'disabled'], { description: 'Tokens of a disabled tenant stop at once' })),
    name: Type.Optional(TenantName),
    fields: Type.Optional(TenantFields),
  },
  { additionalProperties: false, minProperties: 1 },
)
