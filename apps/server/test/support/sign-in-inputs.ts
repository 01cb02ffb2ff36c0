import type { OperationId } from '@freehold/contract'
import type { OidcProvider } from '@freehold/testing'
import type { Actor } from './actors.ts'
import { addPasskey, answeredOidc, answeredPasskey, enableTotp, offeredPasskey, offeredTotp } from './ceremonies.ts'
import type { TestServer } from './test-server.ts'

type Override = { body?: Record<string, unknown>; headers?: Record<string, string>; token?: string }

/** Requests for what is done by a session, and in two calls. `holderOf` is the person that a caller acts for. */
export function createSignInInputs(server: TestServer, provider: OidcProvider | null, holderOf: (caller: Actor) => Actor) {
  const isPerson = (caller: Actor) => holderOf(caller) === caller

  /** A session of the caller, who has no authenticator app on. */
  async function plainSession(caller: Actor): Promise<string> {
    const person = holderOf(caller)
    await server.forgetTotp(person)
    return (await server.session(person)).token
  }

  /** The same for a person; nothing for a key, which is refused before its request is looked at. */
  const bySession =
    (make: (session: string) => Promise<Override> | Override) =>
    async (caller: Actor): Promise<Override> => {
      if (!isPerson(caller)) return {}
      const token = await plainSession(caller)
      return { ...(await make(token)), token }
    }

  const withRecoveryCode = bySession(async (session) => ({ body: { code: (await enableTotp(server, session)).recoveryCodes[0]! } }))

  const overrides: Partial<Record<OperationId, (caller: Actor) => Promise<Override>>> = {
    startTotp: bySession(() => ({})),
    confirmTotp: bySession(async (session) => ({ body: (await offeredTotp(server, session)).body })),
    disableTotp: withRecoveryCode,
    createRecoveryCodes: withRecoveryCode,
    startPasskey: bySession(() => ({})),
    createPasskey: bySession(async (session) => ({ body: (await offeredPasskey(server, session)).body })),
    deletePasskey: bySession(() => ({})),
    signInWithPasskey: async (caller) => {
      const passkey = await addPasskey(server, await plainSession(caller))
      return { body: await answeredPasskey(server, passkey) }
    },
    // Without a provider it is refused, whatever it is sent.
    completeOidc: async (caller) => (provider ? answeredOidc(server, provider, { sub: holderOf(caller).id, name: 'Robin' }) : {}),
  }

  const passkeyId = async (caller: Actor) => (await addPasskey(server, await plainSession(caller))).id
  return { overrides, passkeyId }
}
