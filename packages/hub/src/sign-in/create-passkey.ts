import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { isUniqueViolation, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { generateRegistrationOptions, type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server'
import { lockUser } from '../identity/index.ts'
import { hasTotp } from '../second-factor/index.ts'
import type { SignInVerbDeps } from './deps.ts'
import { requireSession, wrongSetup } from './own-session.ts'
import { toPasskey } from './passkeys.ts'
import { countPasskeys, insertPasskey, listPasskeyCredentials, type NewPasskey } from './queries.ts'
import { requireRelyingParty } from './relying-party.ts'
import { spendTicket } from './tickets.ts'

const allowedPasskeys = 20
// EdDSA, ES256 and RS256: what authenticators make. Asking the library for its own list tries what Node only half has.
const algorithms = [-8, -7, -257]

export async function startPasskey(ctx: RequestContext, deps: SignInVerbDeps) {
  requireSession(ctx.principal)
  const { id: userId, email, label } = ctx.principal
  const { id: rpID } = requireRelyingParty(deps.relyingParty())
  const known = await ctx.reading({ principalId: userId }).rows(listPasskeyCredentials(userId))
  const options = await generateRegistrationOptions({
    rpName: 'Freehold',
    rpID,
    userName: email ?? label,
    userDisplayName: label,
    userID: new TextEncoder().encode(userId),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: known.map((row) => ({ id: row.credential_id, transports: row.transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { options: { ...options }, setup: deps.tickets.issue('passkey setup', userId, { challenge: options.challenge }, ctx.clock.now()) }
}

export async function createPasskey(ctx: RequestContext, deps: SignInVerbDeps, { body }: InputOf<'createPasskey'>) {
  requireSession(ctx.principal)
  const userId = ctx.principal.id
  const offered = await deps.tickets.open('passkey setup', userId, body.setup, ctx.clock.now())
  if (!offered) throw wrongSetup()
  const made = await readAttestation(deps, body.response, offered['challenge']!)
  const at = ctx.clock.now()
  const passkey: NewPasskey = { ...made, id: newId(at.getTime()), userId, name: body.name, at }

  await ctx.mutate('passkey.create', { type: 'user', id: userId }, async (tx) => {
    await tx.run(lockUser(userId))
    if (!ctx.principal.secondFactor && (await hasTotp(tx, userId))) throw unprovedSession()
    const used = (await tx.first(countPasskeys(userId)))!.count
    if (used >= allowedPasskeys) throw tooManyPasskeys(used)
    if (!(await spendTicket(tx, body.setup, at))) throw wrongSetup()
    await storePasskey(tx, passkey)
    return {
      resource: { kind: 'passkey', id: passkey.id, label: passkey.name },
      after: { name: passkey.name, backed_up: passkey.isBackedUp },
      result: undefined,
    }
  })
  return toPasskey({ id: passkey.id, name: passkey.name, backed_up: passkey.isBackedUp, created_at: at, last_used_at: null })
}

async function readAttestation(deps: SignInVerbDeps, response: object, challenge: string) {
  const relyingParty = requireRelyingParty(deps.relyingParty())
  const { verified, registrationInfo: info } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: relyingParty.origin,
    expectedRPID: relyingParty.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch((cause: unknown) => {
    throw wrongAttestation(cause)
  })
  if (!verified) throw wrongAttestation()
  const { credential, credentialBackedUp: isBackedUp } = info
  const transports = credential.transports ?? []
  return { credentialId: credential.id, publicKey: credential.publicKey, counter: credential.counter, transports, isBackedUp }
}

async function storePasskey(tx: Tx, passkey: NewPasskey): Promise<void> {
  try {
    await tx.run(insertPasskey(passkey))
  } catch (error) {
    if (!isUniqueViolation(error, 'passkey_credential_id_key')) throw error
    throw new AppError('conflict', 'This passkey is known already. Make another one.')
  }
}

function wrongAttestation(cause?: unknown): AppError {
  return new AppError(
    'invalid_request',
    "This is not a passkey's answer to the options. Begin anew, by the address that Freehold is opened by.",
    {
      cause,
      errors: [{ pointer: '/body/response', message: 'does not fit the options' }],
    },
  )
}

// Else somebody who came by another way than the password would get around the app.
function unprovedSession(): AppError {
  return new AppError('forbidden', 'Your authenticator app is on: sign in with it first, then add a passkey.', {
    members: { permission: 'second_factor' },
  })
}

function tooManyPasskeys(used: number): AppError {
  return new AppError(
    'limit_reached',
    `You have ${used} passkeys, and may have ${allowedPasskeys}. Remove one that is not used any more.`,
    {
      members: { limit: 'passkeys', allowed: allowedPasskeys, used },
    },
  )
}
