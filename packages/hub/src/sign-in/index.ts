import type { IdentityDeps } from '../identity/index.ts'
import { notBuilt } from '../not-built.ts'

export type OidcConfig = {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the button on the sign-in page says. */
  name: string
  /** The claim that lists a person's groups. */
  groupsClaim: string
}

export type SignInDeps = IdentityDeps & {
  rootKey: Uint8Array
  oidc: OidcConfig | null
  /** What browsers reach the server by, without a slash at its end. */
  origin: () => string
}

export function signInHandlers(_deps: SignInDeps) {
  return notBuilt(
    'getSignInMethods',
    'startOidc',
    'completeOidc',
    'startPasskeySignIn',
    'signInWithPasskey',
    'getSecondFactors',
    'startTotp',
    'confirmTotp',
    'disableTotp',
    'createRecoveryCodes',
    'startPasskey',
    'listPasskeys',
    'createPasskey',
    'deletePasskey',
  )
}
