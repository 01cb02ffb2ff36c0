import Type, { type Static } from 'typebox'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const SignInMethods = Strict({
  password: Type.Boolean(),
  passkey: Type.Boolean(),
  oidc: Nullable(Strict({ name: Type.String({ description: 'What the button says' }) })),
})
export type SignInMethods = Static<typeof SignInMethods>

export const OidcStart = Strict({ authorization_url: Type.String() })
export const OidcCallback = Strict({
  callback_url: Type.String({ minLength: 1, maxLength: 8000, description: 'The whole address that the provider sent the browser back to' }),
})

/** What the browser's WebAuthn call takes and answers, as `@simplewebauthn/browser` passes it. */
const WebAuthnJson = Type.Object({}, { additionalProperties: true, maxProperties: 30 })
const Setup = Type.String({
  minLength: 1,
  maxLength: 4000,
  description: 'What the first call answered, sealed; good once, for five minutes',
})

export const PasskeyOptions = Strict({ options: WebAuthnJson, setup: Setup })
export const PasskeySignIn = Strict({ setup: Setup, response: WebAuthnJson })
export const NewPasskey = Strict({
  name: Type.String({ minLength: 1, maxLength: 64, pattern: '\\S' }),
  setup: Setup,
  response: WebAuthnJson,
})
export const Passkey = Strict({
  id: Uuid,
  name: Type.String(),
  backed_up: Type.Boolean({ description: 'Synchronized by its maker, so that it survives the device' }),
  created_at: Timestamp,
  last_used_at: Nullable(Timestamp),
})
export type Passkey = Static<typeof Passkey>

export const SecondFactors = Strict({
  totp: Nullable(Strict({ created_at: Timestamp })),
  recovery_codes_left: Type.Integer(),
  accounts_withheld: Type.Integer({ description: 'Accounts of yours that keep this credential out until it is proved by one' }),
  satisfied: Type.Boolean({ description: 'This credential was proved by a second factor' }),
})
export type SecondFactors = Static<typeof SecondFactors>

export const TotpOffer = Strict({ secret: Type.String(), otpauth_url: Type.String(), setup: Setup })
const Code = Type.String({ minLength: 6, maxLength: 40, description: 'Six digits from the app, or a recovery code' })
export const TotpConfirmation = Strict({ setup: Setup, code: Code })
export const TotpCode = Strict({ code: Code })
export const RecoveryCodes = Strict({ recovery_codes: Type.Array(Type.String(), { description: 'Each works once; shown once' }) })
