import Type, { type Static } from 'typebox'
import { Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const Email = Type.String({ format: 'email', maxLength: 254 })
export const Password = Type.String({ minLength: 10, maxLength: 200, description: 'At least 10 characters' })

export const Me = Strict({
  kind: Type.Enum(['user', 'api_key', 'workspace_token']),
  id: Uuid,
  label: Type.String(),
  email: Nullable(Type.String()),
  operator: Type.Boolean({ description: 'Runs the installation' }),
  role: Nullable(Type.String({ description: 'Of an API key or a workspace token' })),
  scopes: Type.Array(Type.String()),
  workspace_id: Nullable(Uuid),
  tenant: Nullable(Strict({ id: Uuid, key: Type.String() })),
  second_factor: Type.Boolean({ description: 'The credential was proved by a second factor' }),
  credential: Strict({
    id: Type.String(),
    kind: Type.Enum(['personal_token', 'api_key', 'session', 'workspace_token']),
    expires_at: Nullable(Timestamp),
  }),
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
  code: Type.Optional(
    Type.String({ maxLength: 40, description: 'Of the authenticator app, or a recovery code, where a second factor is set up' }),
  ),
})
export const SignedIn = Strict({ user_id: Uuid, expires_at: Timestamp })
export const ProfileChange = Strict({ name: Name })
export const PasswordChange = Strict({ current_password: Type.String({ minLength: 1, maxLength: 200 }), new_password: Password })

export const SessionDevice = Strict({
  id: Uuid,
  current: Type.Boolean(),
  user_agent: Type.String(),
  ip: Nullable(Type.String()),
  methods: Type.Array(Type.String(), { description: 'How it was proved: `password`, `totp`, `recovery_code`, `passkey`, `oidc`' }),
  created_at: Timestamp,
  last_used_at: Nullable(Timestamp),
  expires_at: Timestamp,
})
