import type { Handlers } from '@freehold/authz/request'
import { changePassword } from './change-password.ts'
import { claimSetup } from './claim-setup.ts'
import { createMyToken } from './create-token.ts'
import type { IdentityDeps, VerbDeps } from './deps.ts'
import { getMe } from './get-me.ts'
import { getSetup } from './get-setup.ts'
import { listMySessions } from './list-sessions.ts'
import { listMyTokens } from './list-tokens.ts'
import { revokeMySession } from './revoke-session.ts'
import { revokeMyToken } from './revoke-token.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { createThrottle } from './throttle.ts'
import { updateMe } from './update-me.ts'

export type IdentityHandlers = Pick<
  Handlers,
  | 'getSetup'
  | 'claimSetup'
  | 'signIn'
  | 'signOut'
  | 'getMe'
  | 'updateMe'
  | 'changePassword'
  | 'listMySessions'
  | 'revokeMySession'
  | 'listMyTokens'
  | 'createMyToken'
  | 'revokeMyToken'
>

export function identityHandlers(identityDeps: IdentityDeps): IdentityHandlers {
  const deps: VerbDeps = { ...identityDeps, throttle: createThrottle(identityDeps) }
  return {
    getSetup: (ctx) => getSetup(ctx, deps),
    claimSetup: (ctx, input) => claimSetup(ctx, deps, input),
    signIn: (ctx, input) => signIn(ctx, deps, input),
    signOut: (ctx) => signOut(ctx, deps),
    getMe,
    updateMe,
    changePassword: (ctx, input) => changePassword(ctx, deps, input),
    listMySessions,
    revokeMySession: (ctx, input) => revokeMySession(ctx, deps, input),
    listMyTokens,
    createMyToken,
    revokeMyToken,
  }
}
