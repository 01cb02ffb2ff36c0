import { build } from '@freehold/db'
import type { MintedToken } from '@freehold/kit'
import { sql } from 'kysely'

/** What a user holds. API keys belong to a workspace. */
export type UserCredentialKind = 'session' | 'personal_token' | 'setup_link'

export type NewUserCredential = {
  kind: UserCredentialKind
  token: MintedToken
  userId: string
  createdAt: Date
  expiresAt: Date | null
  name?: string
  userAgent?: string
  /** How it was proved. */
  methods?: readonly string[]
  ip?: string | null
}

type Page = { limit: number; after: string | null }

export function insertUserCredential(credential: NewUserCredential) {
  return build.insertInto('hub.credential').values({
    id: credential.token.id,
    kind: credential.kind,
    hash: credential.token.hash,
    hint: credential.token.hint,
    name: credential.name ?? '',
    user_id: credential.userId,
    user_agent: credential.userAgent ?? '',
    ip: credential.ip ?? null,
    methods: [...(credential.methods ?? [])],
    created_by: credential.userId,
    created_at: credential.createdAt,
    expires_at: credential.expiresAt,
  })
}

/** Under the proof `credential_hash`: whose it is, and whether it may still be used. */
export function findCredentialByHash(hash: Buffer) {
  return build
    .selectFrom('hub.credential')
    .select(['id', 'kind', 'user_id', 'workspace_id', 'expires_at', 'revoked_at'])
    .where('hash', '=', hash)
}

/** Live sessions, newest first. */
export function listSessions(userId: string, now: Date, page: Page) {
  return liveCredentials(userId, 'session', now)
    .leftJoin('hub.credential_use as used', 'used.credential_id', 'credential.id')
    .select([
      'credential.id',
      'credential.user_agent',
      'credential.methods',
      'credential.ip',
      'credential.created_at',
      'credential.expires_at',
      'used.last_used_at',
    ])
    .$if(page.after !== null, (query) => query.where('credential.id', '<', page.after))
    .orderBy('credential.id', 'desc')
    .limit(page.limit + 1)
}

/** Live personal tokens, newest first. */
export function listTokens(userId: string, now: Date, page: Page) {
  return liveCredentials(userId, 'personal_token', now)
    .leftJoin('hub.credential_use as used', 'used.credential_id', 'credential.id')
    .select(['credential.id', 'credential.name', 'credential.hint', 'credential.created_at', 'credential.expires_at', 'used.last_used_at'])
    .$if(page.after !== null, (query) => query.where('credential.id', '<', page.after))
    .orderBy('credential.id', 'desc')
    .limit(page.limit + 1)
}

export function countTokens(userId: string, now: Date) {
  return liveCredentials(userId, 'personal_token', now).select(sql<number>`count(*)::int`.as('live'))
}

/** Answers what was revoked: nothing for one that is not the user's, or no longer live. */
export function revokeCredential(userId: string, kind: UserCredentialKind, id: string, now: Date) {
  return build
    .updateTable('hub.credential')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('kind', '=', kind)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .returning(['id', 'name', 'user_agent'])
}

/** All of a kind that are not revoked, but one. */
export function revokeCredentials(userId: string, kind: UserCredentialKind, now: Date, exceptId: string | null = null) {
  return build
    .updateTable('hub.credential')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('kind', '=', kind)
    .where('revoked_at', 'is', null)
    .$if(exceptId !== null, (query) => query.where('id', '<>', exceptId))
}

/** Adds to how a live session was proved. */
export function addSessionMethod(userId: string, id: string, method: string) {
  return build
    .updateTable('hub.credential')
    .set({ methods: sql<string[]>`array_append(array_remove(methods, ${method}), ${method})` })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('kind', '=', 'session')
    .where('revoked_at', 'is', null)
}

function liveCredentials(userId: string, kind: UserCredentialKind, now: Date) {
  return build
    .selectFrom('hub.credential as credential')
    .where('credential.user_id', '=', userId)
    .where('credential.kind', '=', kind)
    .where('credential.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('credential.expires_at', 'is', null), eb('credential.expires_at', '>', now)]))
}
