import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type Grant } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { isUuid, newId } from '@freehold/kit'
import { findPersonNamed } from '../identity/index.ts'
import { endOf, storeGrant } from './change-grant.ts'
import { toGrant } from './grant-answer.ts'
import { findGroupForShare, listGrantRowsOf, type Subject } from './queries.ts'

export async function createGrant(ctx: RequestContext, { body }: InputOf<'createGrant'>): Promise<Grant> {
  const workspace = ctx.granted('workspace', 'manage_members')
  const now = ctx.clock.now()
  const { role } = body
  const expiresAt = endOf(role, body.expires_at ?? null, now)
  return ctx.mutate(
    'grant.create',
    workspace,
    async (tx) => {
      const { subject, label } =
        body.subject_type === 'group' ? await requireGroup(tx, body.subject) : await requirePerson(ctx, body.subject)
      const [existing] = await listGrantRowsOf(tx, workspace.id, subject)
      if (existing) {
        throw new AppError('conflict', `${label} has a grant already. Change it by \`PATCH …/grants/${existing.id}\`.`, {
          members: { grant_id: existing.id },
        })
      }
      const createdBy = ctx.principal.kind === 'user' ? ctx.principal.id : null
      const row = { id: newId(now.getTime()), subject, role, expiresAt, createdAt: now, createdBy }
      await storeGrant(ctx, tx, workspace.id, row)
      const grant = toGrant(row, label)
      return { resource: { kind: 'grant', id: row.id, label }, after: grant, result: grant }
    },
    { lock: 'exclusive' },
  )
}

/** The person whom an id or an e-mail address names. */
export async function requirePerson(ctx: RequestContext, named: string): Promise<{ subject: Subject; label: string }> {
  const person = await findPersonNamed(ctx, named)
  if (!person) throw new AppError('not_found', 'Nobody here has this id or e-mail. Invite them: `POST …/invitations`.')
  return { subject: { type: 'user', id: person.id }, label: person.name }
}

async function requireGroup(tx: Tx, named: string): Promise<{ subject: Subject; label: string }> {
  const group = isUuid(named) ? await findGroupForShare(tx, named) : undefined
  if (!group)
    throw new AppError('not_found', "The workspace's account has no group with this id. `GET /v1/accounts/{id}/groups` lists them.")
  return { subject: { type: 'group', id: group.id }, label: group.name }
}
