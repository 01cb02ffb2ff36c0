import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { type AuthenticationResponseJSON, generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { findUserName, openSession, proofCounters } from '../identity/index.ts'
import type { SignInVerbDeps } from './deps.ts'
import { findPasskeyByCredential, updatePasskeyUse } from './queries.ts'
import { type RelyingParty, requireRelyingParty } from './relying-party.ts'
import { spendTicket } from './tickets.ts'

const nobody = ''

/** Names no passkeys: the browser offers those that it has, so nobody learns who has one. */
export async function startPasskeySignIn(ctx: RequestContext, deps: SignInVerbDeps) {
  const { id: rpID } = requireRelyingParty(deps.relyingParty())
  const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
  const setup = deps.tickets.issue('passkey sign-in', nobody, { challenge: options.challenge }, ctx.clock.now())
  return { options: { ...options }, setup }
}

/** A passkey is both factors: something that one has, opened by something that one knows or is. */
export async function signInWithPasskey(ctx: RequestContext, deps: SignInVerbDeps, { body }: InputOf<'signInWithPasskey'>) {
  const relyingParty = requireRelyingParty(deps.relyingParty())
  const counters = proofCounters(ctx.ip)
  await deps.throttle.begin(counters)
  const challenge = (await deps.tickets.open('passkey sign-in', nobody, body.setup, ctx.clock.now()))?.['challenge']
  if (challenge === undefined) throw wrongPasskey()
  const { passkey, counter, isBackedUp } = await proveAssertion(deps, relyingParty, { response: body.response, challenge })
  const user = await deps.reads.under({ principalId: passkey.user_id }).first(findUserName(passkey.user_id))
  if (!user) throw wrongPasskey()
  await deps.throttle.succeed(counters)

  return openSession(ctx, deps, {
    userId: passkey.user_id,
    name: user.name,
    methods: ['passkey'],
    async within(tx, at) {
      if (!(await spendTicket(tx, body.setup, at))) throw wrongPasskey()
      if ((await tx.run(updatePasskeyUse(passkey.id, { counter, isBackedUp, at }))) === 0) throw wrongPasskey()
    },
    after: { passkey_id: passkey.id },
  })
}

async function proveAssertion(deps: SignInVerbDeps, relyingParty: RelyingParty, presented: { response: object; challenge: string }) {
  const response = presented.response as AuthenticationResponseJSON
  if (typeof response.id !== 'string' || response.id === '') throw wrongPasskey()
  const passkey = await deps.reads.under({ proof: { passkey_id: response.id } }).first(findPasskeyByCredential(response.id))
  if (!passkey || !isHolder(response, passkey.user_id)) throw wrongPasskey()
  const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: presented.challenge,
    expectedOrigin: relyingParty.origin,
    expectedRPID: relyingParty.id,
    credential: { id: passkey.credential_id, publicKey: new Uint8Array(passkey.public_key), counter: Number(passkey.counter) },
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw wrongPasskey(cause)
  })
  if (!verified) throw wrongPasskey()
  return { passkey, counter: info.newCounter, isBackedUp: info.credentialBackedUp }
}

/** A discoverable passkey tells whom it was made for. */
function isHolder(response: AuthenticationResponseJSON, userId: string): boolean {
  const handle: unknown = (response.response as { userHandle?: unknown } | undefined)?.userHandle
  return typeof handle === 'string' && Buffer.from(handle, 'base64url').toString() === userId
}

function wrongPasskey(cause?: unknown): AppError {
  return new AppError(
    'unauthenticated',
    'This passkey does not open anything here, or the request is too old. Try again, or sign in otherwise.',
    {
      cause,
    },
  )
}
