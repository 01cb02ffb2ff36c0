import { AppError } from '@freehold/contract'
import { isUniqueViolation, type ReadPool, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { openGate } from '../gates/index.ts'
import { findUserByEmail, findUserName, insertUser, lockUser } from '../identity/index.ts'
import { hasTotp } from '../second-factor/index.ts'
import type { OidcPerson } from './oidc-person.ts'
import { countOidcIdentities, countPasskeys, findOidcIdentity, insertOidcIdentity } from './queries.ts'

/** Whose sign-in it is, and what the session's transaction has to do first. */
export type OidcUser = { id: string; name: string; how: 'known' | 'linked' | 'created'; settle(tx: Tx, at: Date): Promise<void> }

/**
 * The person's user: by issuer and subject; else one with the same verified e-mail; else a new one.
 *
 * Who has a password, or a second factor, is not taken over by e-mail alone: whoever made that user may not be whom the
 * provider means (and the other way round, where an address has been given to somebody else). They are linked once the
 * browser is signed in as that user, so that both sides are proved.
 */
export async function findOidcUser(reads: ReadPool, person: OidcPerson, signedInId: string | null): Promise<OidcUser> {
  const { issuer, subject, email } = person
  const known = await reads.under({ proof: { oidc_subject: `${issuer} ${subject}` } }).first(findOidcIdentity(issuer, subject))
  if (known) {
    const user = await reads.under({ principalId: known.user_id }).first(findUserName(known.user_id))
    return { id: known.user_id, name: user!.name, how: 'known', settle: async () => undefined }
  }
  const other = email === null ? undefined : await reads.under({ proof: { email } }).first(findUserByEmail(email))
  if (other) return { id: other.id, name: other.name, how: 'linked', settle: (tx, at) => link(tx, person, { ...other, signedInId, at }) }
  const id = newId()
  return { id, name: person.name, how: 'created', settle: (tx, at) => create(tx, person, { id, at }) }
}

type Linked = { id: string; password_hash: string | null; signedInId: string | null; at: Date }

async function link(tx: Tx, person: OidcPerson, { id, password_hash: password, signedInId, at }: Linked): Promise<void> {
  await tx.run(lockUser(id))
  if (signedInId !== id) {
    const linked = (await tx.first(countOidcIdentities(id, person.issuer)))!.count
    const passkeys = (await tx.first(countPasskeys(id)))!.count
    if (password !== null || linked > 0 || passkeys > 0 || (await hasTotp(tx, id))) throw unprovedLink()
  }
  await storeIdentity(tx, person, { id, at })
}

async function create(tx: Tx, person: OidcPerson, { id, at }: { id: string; at: Date }): Promise<void> {
  try {
    await tx.run(insertUser({ id, name: person.name, email: person.email, createdAt: at }))
  } catch (error) {
    if (!isUniqueViolation(error, 'app_user_by_email')) throw error
    throw sameMoment()
  }
  await openGate(tx, 'user', id)
  await storeIdentity(tx, person, { id, at })
}

async function storeIdentity(tx: Tx, { issuer, subject }: OidcPerson, { id, at }: { id: string; at: Date }): Promise<void> {
  try {
    await tx.run(insertOidcIdentity({ issuer, subject, userId: id, at }))
  } catch (error) {
    if (!isUniqueViolation(error, 'oidc_identity_pkey')) throw error
    throw sameMoment()
  }
}

function unprovedLink(): AppError {
  return new AppError(
    'conflict',
    'Somebody signs in here with your e-mail address in another way. Sign in that way first, then by the identity provider in the same browser: that links the two.',
  )
}

function sameMoment(): AppError {
  return new AppError('conflict', 'You have signed in twice at the same moment. Start again.')
}
