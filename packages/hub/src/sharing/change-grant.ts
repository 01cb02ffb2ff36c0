import type { Relationship } from '@freehold/authz'
import type { RequestContext } from '@freehold/authz/request'
import { AppError, type WorkspaceRole } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import { findOtherOwner, type GrantRow, listGrantRowsOf, type Subject } from './queries.ts'

// What is here runs under the workspace's exclusive lock, so that what it finds still holds when it commits: no second
// grant for a subject, and somebody who owns the workspace.

/** The tuple that a grant is. */
export function tupleOf(workspaceId: string, { subject, role, expiresAt }: Pick<GrantRow, 'subject' | 'role' | 'expiresAt'>): Relationship {
  const holder = subject.type === 'group' ? { ...subject, relation: 'member' } : subject
  return { resource: { type: 'workspace', id: workspaceId }, relation: role, subject: holder, expiresAt }
}

/**
 * Stores a grant in place of whatever its subject had. Throws `forbidden` where an owner comes or goes and the caller is
 * none, and `last_owner`.
 */
export async function storeGrant(ctx: RequestContext, tx: Tx, workspaceId: string, grant: GrantRow): Promise<void> {
  const held = await listGrantRowsOf(tx, workspaceId, grant.subject)
  if (grant.role === 'owner') {
    requireTransfer(ctx)
    requirePerson(grant.subject)
  } else {
    await requireMayLose(ctx, tx, workspaceId, grant.subject, held)
  }
  await deleteRelationship(tx, ...held.map((one) => tupleOf(workspaceId, one)))
  const { id, createdAt, createdBy } = grant
  await insertRelationship(tx, { ...tupleOf(workspaceId, grant), id, createdAt, createdBy })
}

/** Takes a grant away, under the same rules. */
export async function removeGrant(ctx: RequestContext, tx: Tx, workspaceId: string, grant: GrantRow): Promise<void> {
  await requireMayLose(ctx, tx, workspaceId, grant.subject, [grant])
  await deleteRelationship(tx, tupleOf(workspaceId, grant))
}

/** Throws unless the caller may take these away from their subject, and the workspace keeps an owner. */
async function requireMayLose(
  ctx: RequestContext,
  tx: Tx,
  workspaceId: string,
  subject: Subject,
  held: readonly GrantRow[],
): Promise<void> {
  if (!held.some(({ role }) => role === 'owner')) return
  requireTransfer(ctx)
  if (await findOtherOwner(tx, workspaceId, subject.id)) return
  throw new AppError('last_owner', 'A workspace keeps an owner. Make somebody else an owner first, or transfer the ownership.')
}

// Nobody grants more than they hold: of those who manage members, only owners hold all that an owner does.
function requireTransfer(ctx: RequestContext): void {
  if (ctx.permissions.has('transfer')) return
  throw new AppError('forbidden', 'Only an owner makes, changes or removes an owner. Ask one of the owners.', {
    members: { permission: 'transfer' },
  })
}

function requirePerson({ type }: Subject): void {
  if (type === 'user') return
  throw new AppError('invalid_request', 'Only a person owns a workspace. Choose another role for the group, such as `admin`.', {
    errors: [{ pointer: '/body/role', message: 'must not be owner for a group' }],
  })
}

/** When a grant of a role ends, from what was asked for. Throws `invalid_request` for a time that is over, and for an owner's. */
export function endOf(role: WorkspaceRole, wanted: string | null, now: Date): Date | null {
  if (wanted === null) return null
  const expiresAt = new Date(wanted)
  if (role === 'owner') throw wrongEnd('An owner has no end. Leave `expires_at` out, or choose another role.', 'must be null for an owner')
  // Said so that it also refuses a time that there is not, such as a leap second.
  if (!(expiresAt > now)) throw wrongEnd('Choose an `expires_at` that is still to come.', 'must be in the future')
  return expiresAt
}

function wrongEnd(detail: string, message: string): AppError {
  return new AppError('invalid_request', detail, { errors: [{ pointer: '/body/expires_at', message }] })
}
