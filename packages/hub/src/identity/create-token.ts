import type { InputOf, Principal, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { mintToken } from '@freehold/kit'
import { countTokens, insertUserCredential } from './credential-queries.ts'
import { lockUser } from './user-queries.ts'

const defaultLifetimeSeconds = 90 * 86_400
const allowedTokens = 100

export async function createMyToken(ctx: RequestContext, { body }: InputOf<'createMyToken'>) {
  const userId = ctx.principal.id
  const createdAt = ctx.clock.now()
  const expiresAt = chooseExpiry(ctx.principal, body.lifetime_seconds, createdAt)
  const token = mintToken('fhp')

  await ctx.mutate('personal_token.create', { type: 'user', id: userId }, async (tx) => {
    await tx.run(lockUser(userId))
    const used = (await tx.first(countTokens(userId, createdAt)))!.live
    if (used >= allowedTokens) throw tooManyTokens(used)
    // A token is as well proved as whoever makes it.
    const methods = ctx.principal.secondFactor ? ['mfa'] : []
    await tx.run(insertUserCredential({ kind: 'personal_token', token, userId, name: body.name, methods, createdAt, expiresAt }))
    return {
      resource: { kind: 'personal_token', id: token.id, label: body.name },
      after: { name: body.name, prefix: token.hint, expires_at: expiresAt?.toISOString() ?? null },
      result: undefined,
    }
  })
  return {
    id: token.id,
    name: body.name,
    prefix: token.hint,
    created_at: createdAt.toISOString(),
    last_used_at: null,
    expires_at: expiresAt?.toISOString() ?? null,
    token: token.plaintext,
  }
}

/** When the new token ends: as asked, but not after the token that makes it. Null is never. */
function chooseExpiry({ credential }: Principal, lifetimeSeconds: number | null | undefined, now: Date): Date | null {
  const asked = lifetimeSeconds === null ? null : new Date(now.getTime() + (lifetimeSeconds ?? defaultLifetimeSeconds) * 1000)
  const latest = credential.kind === 'personal_token' ? credential.expiresAt : null
  return latest !== null && (asked === null || asked > latest) ? latest : asked
}

function tooManyTokens(used: number): AppError {
  return new AppError(
    'limit_reached',
    `You have ${used} personal tokens, and may have ${allowedTokens}. Revoke one that is not used any more.`,
    {
      members: { limit: 'personal_tokens', allowed: allowedTokens, used },
    },
  )
}
