import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'
import type { InvitationState } from './invitation-answer.ts'
import type { Place } from './place.ts'

const columns = [
  'id',
  'account_id',
  'workspace_id',
  'email',
  'role',
  'created_by',
  'created_at',
  'sent_at',
  'expires_at',
  'accepted_at',
  'revoked_at',
] as const

export type InvitationRow = Pick<Selectable<Tables['hub.invitation']>, (typeof columns)[number]>
export type PlaceNames = { accountId: string; accountName: string; workspaceName: string | null }

/** A workspace's own, or those to the account itself. */
function invitationsTo({ type, id }: Place) {
  const all = build.selectFrom('hub.invitation').select(columns)
  return type === 'workspace' ? all.where('workspace_id', '=', id) : all.where('account_id', '=', id).where('workspace_id', 'is', null)
}

type ListOptions = { page: { limit: number; after: string | null }; state: InvitationState | undefined; now: Date }

/** Newest first. One more than the page, if there is one. */
export function listInvitationRows(db: Db, place: Place, { page, state, now }: ListOptions): Promise<InvitationRow[]> {
  let query = invitationsTo(place)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (state === 'accepted') query = query.where('accepted_at', 'is not', null)
  if (state === 'revoked') query = query.where('revoked_at', 'is not', null)
  if (state === 'pending' || state === 'expired') {
    query = query
      .where('accepted_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', state === 'pending' ? '>' : '<=', now)
  }
  return db.rows(query)
}

export function findInvitation(db: Db, place: Place, id: string): Promise<InvitationRow | undefined> {
  return db.first(invitationsTo(place).where('id', '=', id))
}

/** Holds off whoever else would change it, until this transaction ends. */
export function findInvitationForUpdate(tx: Tx, place: Place, id: string): Promise<InvitationRow | undefined> {
  return tx.first(invitationsTo(place).where('id', '=', id).forUpdate())
}

/** The same, as long as its link is still this one. */
export function findLinkedForUpdate(tx: Tx, id: string, hash: Buffer): Promise<InvitationRow | undefined> {
  return tx.first(build.selectFrom('hub.invitation').select(columns).where('id', '=', id).where('hash', '=', hash).forUpdate())
}

/** Under the proof `invitation_hash`. */
export function findInvitationByHash(db: Db, hash: Buffer): Promise<InvitationRow | undefined> {
  return db.first(build.selectFrom('hub.invitation').select(columns).where('hash', '=', hash))
}

/** Another invitation of the same e-mail to the same place that stands. */
export function findPendingInvitation(
  tx: Tx,
  place: Place,
  { email, exceptId, now }: { email: string; exceptId: string; now: Date },
): Promise<InvitationRow | undefined> {
  return tx.first(
    invitationsTo(place)
      .where('email', '=', email)
      .where('id', '<>', exceptId)
      .where('accepted_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now),
  )
}

/** Invitations of one e-mail to one place are made one after the other. */
export function lockInvited(tx: Tx, { id }: Place, email: string) {
  return tx.sql({
    name: 'invitation_lock',
    text: "select pg_advisory_xact_lock(hashtextextended('invitation:' || $1 || ' ' || $2, 0))",
    values: [id, email],
  })
}

type NewInvitation = Pick<InvitationRow, 'id' | 'account_id' | 'workspace_id' | 'email' | 'role' | 'created_by' | 'expires_at'> & {
  hash: Buffer
  now: Date
}

export async function insertInvitation(tx: Tx, { now, ...invitation }: NewInvitation): Promise<InvitationRow> {
  const inserted = await tx.first(
    build
      .insertInto('hub.invitation')
      .values({ ...invitation, created_at: now, sent_at: now })
      .returning(columns),
  )
  return inserted!
}

type Change = { hash: Buffer; sent_at: Date; expires_at: Date } | { revoked_at: Date } | { accepted_at: Date; accepted_by: string }

export async function updateInvitation(tx: Tx, id: string, change: Change): Promise<InvitationRow> {
  const updated = await tx.first(build.updateTable('hub.invitation').set(change).where('id', '=', id).returning(columns))
  return updated!
}

/** Of an account, or of a workspace and the account that it belongs to, which the scope must hold both. */
export async function findPlaceNames(db: Db, { type, id }: Place): Promise<PlaceNames | undefined> {
  const accounts = build.selectFrom('hub.account as account').select(['account.id as accountId', 'account.name as accountName'])
  if (type === 'workspace') {
    return db.first(
      accounts
        .innerJoin('hub.workspace as workspace', 'workspace.account_id', 'account.id')
        .select('workspace.name as workspaceName')
        .where('workspace.id', '=', id),
    )
  }
  const account = await db.first(accounts.where('account.id', '=', id))
  return account && { ...account, workspaceName: null }
}

export async function findWorkspaceStatus(tx: Tx, workspaceId: string) {
  const row = await tx.first(build.selectFrom('hub.workspace').select('status').where('id', '=', workspaceId))
  return row?.status
}

export type HeldRole = { id: string; role: string; expiresAt: Date | null }

/** The roles that somebody holds on the place in their own name, those that have ended too. */
export function listRolesOf(db: Db, { type, id }: Place, userId: string, roles: readonly string[]): Promise<HeldRole[]> {
  return db.rows(
    build
      .selectFrom('hub.relationship')
      .select(['id', 'relation as role', 'expires_at as expiresAt'])
      .where('resource_type', '=', type)
      .where('resource_id', '=', id)
      .where('relation', 'in', roles)
      .where('subject_type', '=', 'user')
      .where('subject_id', '=', userId),
  )
}
