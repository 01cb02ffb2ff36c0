import { build } from '@freehold/db'

export type NewUser = { id: string; name: string; email?: string | null; createdAt: Date }

export function insertUser(user: NewUser) {
  return build.insertInto('hub.app_user').values({
    id: user.id,
    name: user.name,
    email: user.email ?? null,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  })
}

/** Under the proof `email`. */
export function findUserByEmail(email: string) {
  return build
    .selectFrom('hub.app_user')
    .select(['id', 'name', 'password_hash'])
    .where((eb) => eb(eb.fn('lower', ['email']), '=', email))
}

export function findPasswordHash(userId: string) {
  return build.selectFrom('hub.app_user').select(['name', 'password_hash']).where('id', '=', userId)
}

export function findUserName(userId: string) {
  return build.selectFrom('hub.app_user').select('name').where('id', '=', userId)
}

/** Holds off whoever changes the user, until this transaction ends. */
export function findUserForShare(userId: string) {
  return build.selectFrom('hub.app_user').select(['name', 'password_hash']).where('id', '=', userId).forShare()
}

/** Lets transactions that add to what a user owns pass one after the other. */
export function lockUser(userId: string) {
  return build.selectFrom('hub.app_user').select('id').where('id', '=', userId).forNoKeyUpdate()
}

export function findUserForUpdate(userId: string) {
  return build.selectFrom('hub.app_user').select(['name', 'email']).where('id', '=', userId).forNoKeyUpdate()
}

export function updateUserName(userId: string, name: string, at: Date) {
  return build.updateTable('hub.app_user').set({ name, updated_at: at }).where('id', '=', userId)
}

export function updateUserIdentity(userId: string, identity: { name: string; email: string; passwordHash: string; at: Date }) {
  return build
    .updateTable('hub.app_user')
    .set({ name: identity.name, email: identity.email, password_hash: identity.passwordHash, updated_at: identity.at })
    .where('id', '=', userId)
}

/** Only while the hash is still the one that was verified. */
export function updatePasswordHash(userId: string, change: { from: string; to: string; at: Date }) {
  return build
    .updateTable('hub.app_user')
    .set({ password_hash: change.to, updated_at: change.at })
    .where('id', '=', userId)
    .where('password_hash', '=', change.from)
}
