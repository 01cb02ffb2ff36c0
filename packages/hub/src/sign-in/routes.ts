import type { Handlers } from '@freehold/authz/request'
import { createThrottle } from '../identity/index.ts'
import { createPasskey, startPasskey } from './create-passkey.ts'
import type { SignInDeps, SignInVerbDeps } from './deps.ts'
import { createRecoveryCodes, disableTotp } from './disable-totp.ts'
import { createOidcClient } from './oidc-client.ts'
import { completeOidc, startOidc } from './oidc-sign-in.ts'
import { signInWithPasskey, startPasskeySignIn } from './passkey-sign-in.ts'
import { deletePasskey, listPasskeys } from './passkeys.ts'
import { relyingPartyOf } from './relying-party.ts'
import { createTickets } from './tickets.ts'
import { confirmTotp, getSecondFactors, startTotp } from './totp.ts'

export type SignInHandlers = Pick<
  Handlers,
  | 'getSignInMethods'
  | 'startOidc'
  | 'completeOidc'
  | 'startPasskeySignIn'
  | 'signInWithPasskey'
  | 'getSecondFactors'
  | 'startTotp'
  | 'confirmTotp'
  | 'disableTotp'
  | 'createRecoveryCodes'
  | 'startPasskey'
  | 'listPasskeys'
  | 'createPasskey'
  | 'deletePasskey'
>

export function signInHandlers({ oidc, origin, ...identity }: SignInDeps): SignInHandlers {
  const deps: SignInVerbDeps = {
    ...identity,
    throttle: createThrottle(identity),
    oidc: oidc && createOidcClient(oidc),
    tickets: createTickets(identity.roots),
    relyingParty: () => relyingPartyOf(origin()),
    redirectUri: () => `${origin()}/sign-in/callback`,
  }
  return {
    getSignInMethods: async () => ({ password: true, passkey: deps.relyingParty() !== null, oidc: oidc && { name: oidc.name } }),
    startOidc: (ctx) => startOidc(ctx, deps),
    completeOidc: (ctx, input) => completeOidc(ctx, deps, input),
    startPasskeySignIn: (ctx) => startPasskeySignIn(ctx, deps),
    signInWithPasskey: (ctx, input) => signInWithPasskey(ctx, deps, input),
    getSecondFactors,
    startTotp: (ctx) => startTotp(ctx, deps),
    confirmTotp: (ctx, input) => confirmTotp(ctx, deps, input),
    disableTotp: (ctx, input) => disableTotp(ctx, deps, input),
    createRecoveryCodes: (ctx, input) => createRecoveryCodes(ctx, deps, input),
    startPasskey: (ctx) => startPasskey(ctx, deps),
    listPasskeys,
    createPasskey: (ctx, input) => createPasskey(ctx, deps, input),
    deletePasskey,
  }
}
