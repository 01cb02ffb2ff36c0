import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { lockUser, proveCode } from '../identity/index.ts'
import { hasTotp, removeTotp, replaceRecoveryCodes, type RightCode, spendCode } from '../second-factor/index.ts'
import type { SignInVerbDeps } from './deps.ts'
import { noTotp, requireSession, wrongCode } from './own-session.ts'

export async function disableTotp(ctx: RequestContext, deps: SignInVerbDeps, { body }: InputOf<'disableTotp'>): Promise<void> {
  const { id: userId, label } = ctx.principal
  const right = await proveOwnCode(ctx, deps, body.code)
  await ctx.mutate('totp.disable', { type: 'user', id: userId }, async (tx) => {
    await spendOwnCode(ctx, tx, right)
    await removeTotp(tx, userId)
    return { resource: { kind: 'user', id: userId, label }, after: { by: right.method }, result: undefined }
  })
}

export async function createRecoveryCodes(ctx: RequestContext, deps: SignInVerbDeps, { body }: InputOf<'createRecoveryCodes'>) {
  const { id: userId, label } = ctx.principal
  const right = await proveOwnCode(ctx, deps, body.code)
  return ctx.mutate('recovery_codes.create', { type: 'user', id: userId }, async (tx) => {
    await spendOwnCode(ctx, tx, right)
    const codes = await replaceRecoveryCodes(tx, userId)
    return {
      resource: { kind: 'user', id: userId, label },
      after: { by: right.method, recovery_codes: codes.length },
      result: { recovery_codes: codes },
    }
  })
}

async function proveOwnCode(ctx: RequestContext, deps: SignInVerbDeps, code: string): Promise<RightCode> {
  requireSession(ctx.principal)
  const userId = ctx.principal.id
  if (!(await hasTotp(ctx.reading({ principalId: userId }), userId))) throw noTotp()
  return proveCode(ctx, deps, { userId, code, wrong: wrongCode })
}

async function spendOwnCode(ctx: RequestContext, tx: Tx, right: RightCode): Promise<void> {
  const userId = ctx.principal.id
  await tx.run(lockUser(userId))
  if (!(await spendCode(tx, userId, right, ctx.clock.now()))) throw wrongCode()
}
