import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { isUniqueViolation, type Tx } from '@freehold/db'
import { parseToken } from '@freehold/kit'
import { raiseGates } from '../gates/index.ts'
import { findCredentialByHash, insertUserCredential, revokeCredential, revokeCredentials } from './credential-queries.ts'
import type { VerbDeps } from './deps.ts'
import { normalizeEmail } from './email.ts'
import { INSTALLATION_ID } from './installation.ts'
import { claimInstallation } from './installation-queries.ts'
import { newSession, sendSession } from './new-session.ts'
import { hashPassword } from './password.ts'
import { setupCounters } from './throttle.ts'
import { findUserForUpdate, updateUserIdentity } from './user-queries.ts'

export async function claimSetup(ctx: RequestContext, deps: VerbDeps, { body }: InputOf<'claimSetup'>) {
  const counters = setupCounters(ctx.ip)
  await deps.throttle.begin(counters)
  const link = await findLiveLink(deps, body.token)
  if (!link) throw wrongLink()
  await deps.throttle.succeed(counters)

  const email = normalizeEmail(body.email)
  const passwordHash = await hashPassword(body.password)
  const session = newSession(ctx, link.userId, ['password'])
  const at = session.createdAt
  await ctx.mutate(
    'user.claim',
    { type: 'user', id: link.userId },
    async (tx) => {
      // Two requests with one link: the second waits here for the first, then finds the link revoked.
      const [spent] = await tx.rows(revokeCredential(link.userId, 'setup_link', link.id, at))
      if (!spent || (await tx.run(claimInstallation(INSTALLATION_ID, at))) === 0) throw wrongLink()
      await tx.run(revokeCredentials(link.userId, 'setup_link', at))
      const before = await tx.first(findUserForUpdate(link.userId))
      await setIdentity(tx, link.userId, { name: body.name, email, passwordHash, at })
      await tx.run(insertUserCredential(session))
      await raiseGates(tx, [link.userId])
      return {
        resource: { kind: 'user', id: link.userId, label: body.name },
        before: before ?? null,
        after: { name: body.name, email },
        result: undefined,
      }
    },
    { actor: { kind: 'user', id: link.userId, label: body.name } },
  )
  sendSession(ctx, session, deps.secureCookies)
  return { user_id: link.userId, expires_at: session.expiresAt.toISOString() }
}

async function findLiveLink(deps: VerbDeps, text: string): Promise<{ id: string; userId: string } | null> {
  const token = parseToken(text)
  if (token?.kind !== 'setup_link') return null
  const link = await deps.reads.under({ proof: { credential_hash: token.hash.toString('hex') } }).first(findCredentialByHash(token.hash))
  if (link?.kind !== 'setup_link' || link.user_id === null || link.revoked_at !== null) return null
  if (link.expires_at !== null && link.expires_at <= deps.clock.now()) return null
  return { id: link.id, userId: link.user_id }
}

async function setIdentity(tx: Tx, userId: string, identity: Parameters<typeof updateUserIdentity>[1]): Promise<void> {
  try {
    await tx.run(updateUserIdentity(userId, identity))
  } catch (error) {
    if (!isUniqueViolation(error, 'app_user_by_email')) throw error
    throw new AppError('conflict', 'Another user has this e-mail. Choose another, or sign in as that user.', {
      errors: [{ pointer: '/body/email', message: 'is taken' }],
    })
  }
}

function wrongLink(): AppError {
  return new AppError(
    'unauthenticated',
    'This setup link is wrong, used or expired. Restart the server: until it is claimed, it prints a new one.',
  )
}
