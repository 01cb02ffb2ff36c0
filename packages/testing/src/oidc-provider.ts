import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider'

/** Whom the provider knows: `sub`, and the claims that it tells of them. */
export type OidcAccount = { sub: string } & Record<string, unknown>

export type OidcProvider = {
  /** As a server is configured with it. */
  config: { issuer: string; clientId: string; clientSecret: string; name: string; groupsClaim: string }
  /** Signs in and approves everything, as a browser would that was sent to this address; answers where it is sent back to. */
  approve(authorizationUrl: string, account: OidcAccount): Promise<string>
  /** Whom it takes every browser for that comes by itself, from now on. */
  welcome(account: OidcAccount): void
  /** Answers every request by 500, or works again. */
  behave(how: 'work' | 'fail'): void
  close(): Promise<void>
}

const claimNames = ['email', 'email_verified', 'name', 'preferred_username', 'groups', 'amr']

/**
 * A real OpenID provider on loopback. It sends browsers back to any address, since servers in tests listen on any port.
 * With `reusableCodes` a code is good again and again, so that a dry run leaves it for the real request.
 */
export async function startOidcProvider({ reusableCodes = false } = {}): Promise<OidcProvider> {
  const accounts = new Map<string, OidcAccount>()
  let behaviour: 'work' | 'fail' = 'work'
  let guest = ''
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = {
    issuer,
    clientId: 'freehold',
    clientSecret: randomBytes(32).toString('hex'),
    name: 'Test provider',
    groupsClaim: 'groups',
  }

  const provider = new Provider(issuer, { ...configure(config, accounts), adapter: createStore(reusableCodes) })
  provider.Client.prototype.redirectUriAllowed = () => true
  const handle = provider.callback()
  server.on('request', (request, response) => {
    if (behaviour === 'fail') return void response.writeHead(500).end()
    const asked = new URL(request.url!, issuer)
    if (!asked.pathname.startsWith('/interaction/')) return void handle(request, response)
    const accountId = asked.searchParams.get('as') ?? guest
    void provider.interactionDetails(request, response).then(async ({ params }) => {
      const grant = new provider.Grant({ accountId, clientId: config.clientId })
      grant.addOIDCScope(String(params['scope']))
      await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId: await grant.save() } })
    })
  })

  return {
    config,
    async approve(authorizationUrl, account) {
      accounts.set(account.sub, account)
      const cookies = new Map<string, string>()
      let url = new URL(authorizationUrl)
      while (url.origin === issuer) {
        if (url.pathname.startsWith('/interaction/')) url.searchParams.set('as', account.sub)
        url = new URL(await follow(url, cookies), url)
      }
      return url.href
    },
    welcome(account) {
      accounts.set(account.sub, account)
      guest = account.sub
    },
    behave(how) {
      behaviour = how
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function configure({ clientId, clientSecret }: OidcProvider['config'], accounts: Map<string, OidcAccount>): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: ['http://127.0.0.1/sign-in/callback'] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub', 'amr'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, accountId) => {
      const told = accounts.get(accountId)
      const claims = Object.fromEntries(claimNames.filter((name) => told?.[name] !== undefined).map((name) => [name, told![name]]))
      return told && { accountId, claims: async () => ({ ...claims, sub: accountId }) }
    },
  }
}

/** What the provider remembers, for itself alone: its own default is shared by all in a process. */
function createStore(reusableCodes: boolean): (kind: string) => Adapter {
  const kept = new Map<string, AdapterPayload>()
  return (kind) => ({
    upsert: async (id, payload) => void kept.set(`${kind} ${id}`, payload),
    find: async (id) => kept.get(`${kind} ${id}`),
    findByUid: async (uid) => [...kept].find(([key, payload]) => key.startsWith(`${kind} `) && payload.uid === uid)?.[1],
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      if (!reusableCodes) kept.get(`${kind} ${id}`)!.consumed = Math.floor(Date.now() / 1000)
    },
    destroy: async (id) => void kept.delete(`${kind} ${id}`),
    async revokeByGrantId(grantId) {
      for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
    },
  })
}

/** One step of a browser: sends the cookies that it has, keeps those that it is given, and answers where it is sent. */
async function follow(url: URL, cookies: Map<string, string>): Promise<string> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
  for (const set of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
    cookies.set(name!, value!)
  }
  const location = response.headers.get('location')
  if (location === null) throw new Error(`the provider went nowhere from ${url.pathname}: ${response.status} ${await response.text()}`)
  return location
}
