import Type, { type Static } from 'typebox'
import { Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const Email = Type.String({ format: 'email', maxLength: 254 })
export const Password = Type.String({ minLength: 10, maxLength: 200, description: 'At least 10 characters' })

export const Me = Strict({
  kind: Type.Enum(['user', 'api_key']),
  id: Uuid,
  label: Type.String(),
  email: Nullable(Type.String()),
  operator: Type.Boolean({ description: 'Runs the installation' }),
  role: Nullable(Type.String({ description: "An API key's role" })),
  scopes: Type.Array(Type.String()),
  workspace_id: Nullable(Uuid),
  credential: Strict({ id: Uuid, kind: Type.Enum(['personal_token', 'api_key', 'session']), expires_at: Nullable(Timestamp) }),
  expires_at: Nullable(Timestamp),
})
export type Me = Static<typeof Me>

export const SetupState = Strict({
  claimed: Type.Boolean({ description: 'A person has claimed the first operator' }),
  version: Type.String(),
})
export const Setup = Strict({ token: Type.String({ maxLength: 200 }), name: Name, email: Email, password: Password })
export const SignIn = Strict({
  email: Type.String({ minLength: 1, maxLength: 254 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
})
export const SignedIn = Strict({ user_id: Uuid, expires_at: Timestamp })
export const ProfileChange = Strict({ name: Name })
export const PasswordChange = Strict({ current_password: Type.String({ minLength: 1, maxLength: 200 }), new_password: Password })

export const SessionDevice = Strict({
  id: Uuid,
  current: Type.Boolean(),
  user_agent: Type.String(),
  ip: Nullable(Type.String()),
  created_at: Timestamp,
  last_used_at: Nullable(Timestamp),
  expires_at: Timestamp,
})
