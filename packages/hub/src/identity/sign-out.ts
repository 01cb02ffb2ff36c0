import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { VerbDeps } from './deps.ts'
import { endSession } from './revoke-session.ts'

export async function signOut(ctx: RequestContext, deps: VerbDeps): Promise<void> {
  const { credential } = ctx.principal
  if (credential.kind !== 'session') {
    throw new AppError('invalid_state', 'A token has no session to end. To withdraw the token, delete it under /v1/me/tokens.')
  }
  await endSession(ctx, deps, credential.id)
}
