import type { IdentityDeps, VerbDeps } from '../identity/index.ts'
import type { OidcClient, OidcConfig } from './oidc-client.ts'
import type { RelyingParty } from './relying-party.ts'
import type { Tickets } from './tickets.ts'

export type SignInDeps = IdentityDeps & {
  oidc: OidcConfig | null
  /** What browsers reach the server by, without a slash at its end. */
  origin: () => string
}

/** What the verbs are given beside the request. */
export type SignInVerbDeps = VerbDeps & {
  /** Null where no identity provider is configured. */
  oidc: OidcClient | null
  tickets: Tickets
  /** Where the provider sends browsers back to: a page of the portal, which hands the answer on. */
  redirectUri(): string
  /** Null where browsers make no passkeys. */
  relyingParty(): RelyingParty | null
}
