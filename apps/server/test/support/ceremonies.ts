import type { OidcAccount, OidcProvider } from '@freehold/testing'
import { createHmac } from 'node:crypto'
import { type Answer, expectStatus } from './request.ts'
import { createAuthenticator } from './software-authenticator.ts'
import type { TestServer } from './test-server.ts'

/** What signing in takes two calls for, as a portal does them. */

type Server = Pick<TestServer, 'call' | 'url'>
export type Totp = { secret: string; recoveryCodes: string[]; usedCode: string }
export type HeldPasskey = { id: string; authenticator: ReturnType<typeof createAuthenticator> }

/** The code that an app shows now, or so many steps of 30 seconds from now (RFC 6238, a second time on purpose). */
export function totpCode(secret: string, steps = 0): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  const value = mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fffffff
  return String(value % 1_000_000).padStart(6, '0')
}

/** What `confirmTotp` takes, for the session's person. */
export async function offeredTotp(server: Server, session: string): Promise<{ secret: string; body: { setup: string; code: string } }> {
  const offer = await server.call('GET', '/v1/me/totp', { token: session })
  expectStatus(offer, 200, 'startTotp')
  const { secret, setup } = offer.json as { secret: string; setup: string }
  return { secret, body: { setup, code: totpCode(secret) } }
}

/** Turns on an authenticator app. The session is proved by it, and the only one left. */
export async function enableTotp(server: Server, session: string): Promise<Totp> {
  const { secret, body } = await offeredTotp(server, session)
  const enabled = await server.call('POST', '/v1/me/totp', { token: session, body })
  expectStatus(enabled, 200, 'confirmTotp')
  return { secret, recoveryCodes: enabled.json['recovery_codes'] as string[], usedCode: body.code }
}

/** Where browsers know the server by a name. */
export function browserOrigin(server: Pick<Server, 'url'>): string {
  return server.url.replace('127.0.0.1', 'localhost')
}

/** What `createPasskey` takes, for the session's person. */
export async function offeredPasskey(server: Server, session: string, name = 'A passkey') {
  const authenticator = createAuthenticator(browserOrigin(server))
  const offer = await server.call('GET', '/v1/me/passkey-options', { token: session })
  expectStatus(offer, 200, 'startPasskey')
  const response = authenticator.create(offer.json['options'] as Record<string, unknown>)
  return { authenticator, options: offer.json['options'] as Record<string, unknown>, body: { name, setup: offer.json['setup'], response } }
}

export async function addPasskey(server: Server, session: string, name?: string): Promise<HeldPasskey> {
  const { authenticator, body } = await offeredPasskey(server, session, name)
  const made = await server.call('POST', '/v1/me/passkeys', { token: session, body })
  expectStatus(made, 201, 'createPasskey')
  return { id: made.json['id'] as string, authenticator }
}

/** What `signInWithPasskey` takes. */
export async function answeredPasskey(server: Server, { authenticator }: HeldPasskey, wrong = {}) {
  const offer = await server.call('GET', '/v1/session/passkey')
  expectStatus(offer, 200, 'startPasskeySignIn')
  return { setup: offer.json['setup'], response: authenticator.get(offer.json['options'] as Record<string, unknown>, wrong) }
}

/** What `completeOidc` takes: the address that the provider sent the browser back to, and the browser's cookie. */
export async function answeredOidc(server: Server, provider: OidcProvider, account: OidcAccount) {
  const start = await server.call('GET', '/v1/session/oidc')
  expectStatus(start, 200, 'startOidc')
  const cookie = start.headers.get('set-cookie')!.split(';')[0]!
  return { body: { callback_url: await provider.approve(start.json['authorization_url'] as string, account) }, headers: { cookie } }
}

export async function signInByOidc(server: Server, provider: OidcProvider, account: OidcAccount, beside = ''): Promise<Answer> {
  const { body, headers } = await answeredOidc(server, provider, account)
  return server.call('POST', '/v1/session/oidc', { body, headers: { cookie: `${headers.cookie}${beside}` } })
}

/** The token in the session's cookie that an answer sets. */
export function sessionOf(answer: Answer): string {
  const token = /freehold_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1]
  if (token === undefined) throw new Error(`no session in ${answer.status} ${answer.text}`)
  return token
}
