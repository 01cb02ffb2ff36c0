import { AppError } from '@freehold/contract'
import * as openid from 'openid-client'
import { toSignInFault } from './oidc-faults.ts'

export type OidcConfig = {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the button on the sign-in page says. */
  name: string
  /** The claim that lists a person's groups. */
  groupsClaim: string
}

/** What the browser takes along in its cookie, and must come back with. */
export type OidcStarted = { state: string; nonce: string; verifier: string }
export type OidcClaims = openid.IDToken

export type OidcClient = {
  config: OidcConfig
  /** Where to send the browser. */
  begin(redirectUri: string): Promise<{ url: string; started: OidcStarted }>
  /** The claims that the provider's answer stands for, verified; throws AppError. */
  redeem(redirectUri: string, callbackUrl: string, started: OidcStarted): Promise<OidcClaims>
}

const timeoutSeconds = 5

/** The identity provider, by authorization code with PKCE. It is asked how it works at the first use, and again if that failed. */
export function createOidcClient(config: OidcConfig): OidcClient {
  let discovered: Promise<openid.Configuration> | undefined

  async function discover(): Promise<openid.Configuration> {
    discovered ??= discoverNow(config)
    try {
      return await discovered
    } catch (error) {
      discovered = undefined
      throw error
    }
  }

  return {
    config,
    begin: (redirectUri) =>
      faultsTold(async () => {
        const provider = await discover()
        const started = { state: openid.randomState(), nonce: openid.randomNonce(), verifier: openid.randomPKCECodeVerifier() }
        const url = openid.buildAuthorizationUrl(provider, {
          redirect_uri: redirectUri,
          scope: scopesOf(provider, config),
          state: started.state,
          nonce: started.nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(started.verifier),
          code_challenge_method: 'S256',
        })
        return { url: url.href, started }
      }),
    redeem: (redirectUri, callbackUrl, started) =>
      faultsTold(async () => {
        const answer = answerOf(redirectUri, callbackUrl)
        const provider = await discover()
        const tokens = await openid.authorizationCodeGrant(provider, answer, {
          expectedState: started.state,
          expectedNonce: started.nonce,
          pkceCodeVerifier: started.verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()!
        if (!provider.serverMetadata().userinfo_endpoint) return claims
        // Providers put e-mail and groups into one or the other; what the signed token says stands.
        return { ...(await openid.fetchUserInfo(provider, tokens.access_token, claims.sub)), ...claims }
      }),
  }
}

function discoverNow({ issuer, clientId, clientSecret }: OidcConfig): Promise<openid.Configuration> {
  const server = new URL(issuer)
  // The token comes straight from the provider, but over plain HTTP to a provider inside the network only its signature tells.
  const execute = [openid.enableNonRepudiationChecks]
  if (server.protocol === 'http:') execute.push(openid.allowInsecureRequests)
  return openid.discovery(server, clientId, clientSecret, authenticateClient(clientSecret), { timeout: timeoutSeconds, execute })
}

/** By the header, which is what a provider takes that does not say; in the body only where that is the only way. */
function authenticateClient(clientSecret: string): openid.ClientAuth {
  const [byHeader, byBody] = [openid.ClientSecretBasic(clientSecret), openid.ClientSecretPost(clientSecret)]
  return (provider, client, body, headers) => {
    const methods = provider.token_endpoint_auth_methods_supported
    const isHeader = methods === undefined || methods.includes('client_secret_basic') || !methods.includes('client_secret_post')
    return (isHeader ? byHeader : byBody)(provider, client, body, headers)
  }
}

/** Of the groups claim too, where the provider has a scope of that name: one that has none may refuse it. */
function scopesOf(provider: openid.Configuration, { groupsClaim }: OidcConfig): string {
  const offered = provider.serverMetadata().scopes_supported ?? []
  return ['openid', 'profile', 'email', ...(offered.includes(groupsClaim) ? [groupsClaim] : [])].join(' ')
}

/** The provider's answer at our own address, whatever address the browser says it is at. */
function answerOf(redirectUri: string, callbackUrl: string): URL {
  if (!URL.canParse(callbackUrl)) {
    throw new AppError('invalid_request', 'Send the whole address that the provider sent the browser back to.', {
      errors: [{ pointer: '/body/callback_url', message: 'is not an address' }],
    })
  }
  const answer = new URL(redirectUri)
  answer.search = new URL(callbackUrl).search
  return answer
}

async function faultsTold<R>(ask: () => Promise<R>): Promise<R> {
  try {
    return await ask()
  } catch (error) {
    throw toSignInFault(error)
  }
}
