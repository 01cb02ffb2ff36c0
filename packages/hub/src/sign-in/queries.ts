import { build } from '@freehold/db'
import { sql } from 'kysely'

/** Under the proof `challenge_hash`. Touches no row for one that was answered before, also by a transaction that is still open. */
export function insertAnsweredChallenge(hash: Buffer, expiresAt: Date) {
  return build
    .insertInto('hub.answered_challenge')
    .values({ hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('hash').doNothing())
}

/** What is too old to be presented again. Leaves to others what they are just deleting. */
export function deleteExpiredChallenges(now: Date) {
  return build
    .deleteFrom('hub.answered_challenge')
    .where('hash', 'in', (query) =>
      query.selectFrom('hub.answered_challenge').select('hash').where('expires_at', '<', now).limit(100).forUpdate().skipLocked(),
    )
}

/** Under the proof `oidc_subject`. */
export function findOidcIdentity(issuer: string, subject: string) {
  return build.selectFrom('hub.oidc_identity').select('user_id').where('issuer', '=', issuer).where('subject', '=', subject)
}

export function insertOidcIdentity(identity: { issuer: string; subject: string; userId: string; at: Date }) {
  return build
    .insertInto('hub.oidc_identity')
    .values({ issuer: identity.issuer, subject: identity.subject, user_id: identity.userId, created_at: identity.at })
}

/** Under the user's scope: whether somebody else of that provider is linked to them. */
export function countOidcIdentities(userId: string, issuer: string) {
  return build
    .selectFrom('hub.oidc_identity')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('user_id', '=', userId)
    .where('issuer', '=', issuer)
}

/** Under the proof `passkey_id`. */
export function findPasskeyByCredential(credentialId: string) {
  return build
    .selectFrom('hub.passkey')
    .select(['id', 'user_id', 'credential_id', 'public_key', 'counter', 'transports'])
    .where('credential_id', '=', credentialId)
}

type Page = { limit: number; after: string | null }

/** A person's passkeys, newest first. */
export function listPasskeyRows(userId: string, page: Page) {
  return build
    .selectFrom('hub.passkey')
    .select(['id', 'name', 'backed_up', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .$if(page.after !== null, (query) => query.where('id', '<', page.after))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
}

export function listPasskeyCredentials(userId: string) {
  return build.selectFrom('hub.passkey').select(['credential_id', 'transports']).where('user_id', '=', userId)
}

export function countPasskeys(userId: string) {
  return build
    .selectFrom('hub.passkey')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('user_id', '=', userId)
}

export type NewPasskey = {
  id: string
  userId: string
  credentialId: string
  publicKey: Uint8Array
  counter: number
  transports: readonly string[]
  isBackedUp: boolean
  name: string
  at: Date
}

export function insertPasskey(passkey: NewPasskey) {
  return build.insertInto('hub.passkey').values({
    id: passkey.id,
    user_id: passkey.userId,
    credential_id: passkey.credentialId,
    public_key: Buffer.from(passkey.publicKey),
    counter: passkey.counter,
    transports: [...passkey.transports],
    backed_up: passkey.isBackedUp,
    name: passkey.name,
    created_at: passkey.at,
  })
}

/** Touches no row for a counter that has been seen, unless the passkey never counts; nor for a passkey that is gone. */
export function updatePasskeyUse(id: string, use: { counter: number; isBackedUp: boolean; at: Date }) {
  return build
    .updateTable('hub.passkey')
    .set({ counter: use.counter, backed_up: use.isBackedUp, last_used_at: use.at })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('counter', '<', String(use.counter)), eb.and([eb('counter', '=', '0'), eb(eb.val(use.counter), '=', 0)])]))
}

export function deletePasskeyRow(userId: string, id: string) {
  return build.deleteFrom('hub.passkey').where('id', '=', id).where('user_id', '=', userId).returning(['id', 'name'])
}
