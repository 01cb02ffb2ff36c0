import { client } from '../api/client.ts'
import { describeProblem } from '../api/problem.ts'

type Options<Start extends (input: never) => unknown> = Parameters<Start>[0] extends { optionsJSON: infer Json } ? Json : never
type WebAuthn = typeof import('@simplewebauthn/browser')

/** Signs in with a passkey that the browser offers; answers whose it was. */
export async function signInByPasskey(): Promise<{ user_id: string }> {
  const [{ startAuthentication }, { options, setup }] = await Promise.all([import('@simplewebauthn/browser'), client.startPasskeySignIn()])
  const response = await startAuthentication({ optionsJSON: options as Options<WebAuthn['startAuthentication']> })
  return client.signInWithPasskey({ setup, response: { ...response } })
}

/** Has the browser make a passkey, and stores it under a name. */
export async function addPasskey(name: string): Promise<void> {
  const [{ startRegistration }, { options, setup }] = await Promise.all([import('@simplewebauthn/browser'), client.startPasskey()])
  const response = await startRegistration({ optionsJSON: options as Options<WebAuthn['startRegistration']> })
  await client.createPasskey({ name, setup, response: { ...response } })
}

export type PasskeyRefusal = { reason: string; openInstead?: string }

/** Why this browser cannot use a passkey on this page; undefined where it can. */
export function passkeyRefusal(): PasskeyRefusal | undefined {
  const { hostname, port, pathname, search } = location
  if (hostname.startsWith('127.') || hostname === '[::1]') {
    return { reason: 'Browsers have no passkeys for a bare address.', openInstead: `http://localhost:${port}${pathname}${search}` }
  }
  if (/^[\d.]+$|^\[/.test(hostname)) return { reason: 'Browsers have no passkeys for a bare address. Open Freehold by its name.' }
  if (!isSecureContext) return { reason: 'Browsers have passkeys on HTTPS only.' }
  return 'PublicKeyCredential' in window ? undefined : { reason: 'This browser has no passkeys.' }
}

const faults: Record<string, string> = {
  ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY: 'No passkey was used: it was cancelled, or took too long. Try again.',
  ERROR_CEREMONY_ABORTED: 'No passkey was used: it was cancelled, or took too long. Try again.',
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: 'This device or key holds a passkey of yours already.',
  ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT: 'This device or key cannot store a passkey. Use another one.',
  ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT:
    'This device or key has no PIN, fingerprint or face to open it by. Set one up, or use another one.',
  ERROR_INVALID_DOMAIN: 'Browsers have passkeys only at the address that Freehold is known by. Open it by that.',
  ERROR_INVALID_RP_ID: 'Browsers have passkeys only at the address that Freehold is known by. Open it by that.',
}

/** What the browser or the server found wrong, in a sentence. */
export function describePasskeyFault(error: unknown): string {
  if (!(error instanceof Error)) return describeProblem(error)
  const code = 'code' in error ? String(error.code) : ''
  return faults[error.name === 'NotAllowedError' ? 'ERROR_CEREMONY_ABORTED' : code] ?? describeProblem(error)
}
