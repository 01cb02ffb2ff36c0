import { newId } from '@freehold/kit'
import { type OidcProvider, startOidcProvider } from '@freehold/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { password } from './support/actors.ts'
import { answeredOidc, enableTotp, sessionOf, signInByOidc } from './support/ceremonies.ts'
import { auditOf } from './support/database-inspect.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let provider: OidcProvider
let server: TestServer
beforeAll(async () => {
  provider = await startOidcProvider()
  server = await startTestServer({ oidc: provider.config })
})
afterAll(async () => {
  await server.close()
  await provider.close()
})

const someone = (claims: Record<string, unknown> = {}) => {
  const sub = newId()
  return { sub, name: 'Robin', email: `${sub}@Example.test`, email_verified: true, ...claims }
}
const meOf = async (session: string) => (await server.call('GET', '/v1/me', { token: session })).json
const methodsOf = async (session: string) => {
  const { list } = await server.call('GET', '/v1/me/sessions', { token: session })
  return list.find(({ current }) => current === true)!['methods']
}

test('AM-12 the sign-in page is told what there is: password, passkey, and the provider by its name', async () => {
  expect((await server.call('GET', '/v1/session/methods')).json).toEqual({ password: true, passkey: true, oidc: { name: 'Test provider' } })
})

test('AM-12 the browser is sent to the provider with PKCE, state and nonce, and keeps a sealed cookie that scripts cannot read', async () => {
  const start = await server.call('GET', '/v1/session/oidc')
  const url = new URL(start.json['authorization_url'] as string)
  expect(url.origin).toBe(provider.config.issuer)
  const asked = Object.fromEntries(url.searchParams)
  expect(asked).toMatchObject({
    client_id: 'freehold',
    response_type: 'code',
    scope: 'openid profile email groups',
    code_challenge_method: 'S256',
    redirect_uri: `${server.url}/sign-in/callback`,
  })
  const cookie = start.headers.get('set-cookie')!
  expect(cookie).toMatch(/^freehold_oidc=[\w-]+; Path=\/; Max-Age=300; HttpOnly; SameSite=Lax$/)
  for (const secret of [asked['state']!, asked['nonce']!]) {
    expect(secret.length).toBeGreaterThan(30)
    expect(Buffer.from(cookie.split(/[=;]/)[1]!, 'base64url').toString('latin1')).not.toContain(secret)
  }
})

test('AM-12 the first sign-in makes a person with the e-mail that the provider vouches for, the next finds the same one', async () => {
  const account = someone()
  const first = await signInByOidc(server, provider, account)
  expectStatus(first, 201)
  expect(first.headers.get('set-cookie')).toMatch(/^freehold_session=\S+; Path=\/; Max-Age=1209600; HttpOnly; SameSite=Lax$/)
  const me = await meOf(sessionOf(first))
  expect(me).toMatchObject({ id: first.json['user_id'], label: 'Robin', email: account.email.toLowerCase(), second_factor: false })
  expect(await methodsOf(sessionOf(first))).toEqual(['oidc'])

  const again = await signInByOidc(server, provider, { ...account, name: 'Another', email: 'changed@example.test' })
  expect(again.json['user_id']).toBe(first.json['user_id'])
  expect(await meOf(sessionOf(again))).toMatchObject({ label: 'Robin', email: account.email.toLowerCase() })
})

test('AM-12 a sign-in leaves one event in the chain of the person, without code, state or token', async () => {
  const { body, headers } = await answeredOidc(server, provider, someone())
  const answer = await server.call('POST', '/v1/session/oidc', { body, headers: { ...headers, 'x-request-id': 'oidc-event' } })
  const events = await auditOf(server.superuser, 'oidc-event')
  expect(events).toMatchObject([
    { action: 'session.create', chain_kind: 'user', chain_id: answer.json['user_id'], actor_id: answer.json['user_id'] },
  ])
  const { rows } = await server.superuser.query('select after from hub.audit_event where id = $1', [events[0]!.id])
  expect(rows[0].after).toEqual({
    expires_at: expect.any(String),
    methods: ['oidc'],
    issuer: provider.config.issuer,
    user: 'created',
  })
})

test('AM-12 an e-mail that the provider does not vouch for is not kept, and links to nobody', async () => {
  const owner = await server.user()
  for (const email_verified of [false, undefined, 'true']) {
    const answer = await signInByOidc(server, provider, someone({ email: owner.email, email_verified }))
    expectStatus(answer, 201)
    expect(answer.json['user_id']).not.toBe(owner.id)
    expect(await meOf(sessionOf(answer))).toMatchObject({ email: null })
  }
  const nameless = await signInByOidc(server, provider, { sub: newId() })
  expect(await meOf(sessionOf(nameless))).toMatchObject({ label: 'Unnamed', email: null })
})

test('AM-12 who has a password is not taken over by e-mail alone, but linked once the browser is signed in as them', async () => {
  const owner = await server.user()
  const account = someone({ email: owner.email })
  const stolen = await signInByOidc(server, provider, account)
  expect([stolen.status, stolen.json['code']]).toEqual([409, 'conflict'])
  expect(stolen.headers.get('set-cookie')).toBeNull()
  const other = await server.session(await server.user())
  expectStatus(await signInByOidc(server, provider, account, `; freehold_session=${other.token}`), 409)
  // A token in a header is not what the browser is signed in by.
  const { body, headers } = await answeredOidc(server, provider, account)
  expectStatus(await server.call('POST', '/v1/session/oidc', { body, headers, token: owner.token }), 409)

  const session = await server.call('POST', '/v1/session', { body: { email: owner.email, password } })
  const linked = await signInByOidc(server, provider, account, `; freehold_session=${sessionOf(session)}`)
  expect([linked.status, linked.json['user_id']]).toEqual([201, owner.id])
  const later = await signInByOidc(server, provider, account)
  expect([later.status, later.json['user_id']]).toEqual([201, owner.id])
})

test('AM-12 an e-mail address that the provider has given to somebody else opens nothing of whom it belonged to', async () => {
  const before = someone()
  expectStatus(await signInByOidc(server, provider, before), 201)
  const after = await signInByOidc(server, provider, someone({ email: before.email }))
  expect([after.status, after.json['code']]).toEqual([409, 'conflict'])
})

test('AM-12 a person whom another provider made, and who has nothing else to sign in by, is found by e-mail', async () => {
  const other = await startOidcProvider()
  const moved = await startTestServer({ oidc: other.config }, server)
  try {
    const account = someone()
    const made = await signInByOidc(server, provider, account)
    const found = await signInByOidc(moved, other, { ...account, sub: newId() })
    expect([found.status, found.json['user_id']]).toEqual([201, made.json['user_id']])
    const guarded = someone()
    await enableTotp(server, sessionOf(await signInByOidc(server, provider, guarded)))
    expectStatus(await signInByOidc(moved, other, { ...guarded, sub: newId() }), 409)
  } finally {
    await moved.close()
    await other.close()
  }
})

test("AM-12 the provider's own second factor counts as one", async () => {
  for (const amr of [['pwd', 'mfa'], ['pwd', 'otp'], ['hwk']]) {
    const session = sessionOf(await signInByOidc(server, provider, someone({ amr })))
    expect(await methodsOf(session)).toEqual(['oidc', 'mfa'])
    expect(await meOf(session)).toMatchObject({ second_factor: true })
  }
  expect(await methodsOf(sessionOf(await signInByOidc(server, provider, someone({ amr: ['pwd'] }))))).toEqual(['oidc'])
})

test('AM-12 only the browser that began can finish: without its cookie, or with that of another, there is no session', async () => {
  const mine = await answeredOidc(server, provider, someone())
  const attackers = await answeredOidc(server, provider, someone())
  const finish = (body: object, cookie?: string) =>
    server.call('POST', '/v1/session/oidc', { body, ...(cookie && { headers: { cookie } }) })
  const without = await finish(attackers.body)
  const swapped = await finish(attackers.body, mine.headers.cookie)
  const forged = await finish(attackers.body, `${mine.headers.cookie.slice(0, -2)}xx`)
  for (const answer of [without, swapped, forged]) {
    expect([answer.status, answer.json['code'], answer.headers.get('set-cookie')]).toEqual([401, 'unauthenticated', null])
  }
  // None of them has used anything up.
  expectStatus(await finish(mine.body, mine.headers.cookie), 201)
  expectStatus(await finish(mine.body, mine.headers.cookie), 401)
})

test('AM-12 a sign-in that was begun once is finished once, also where the provider takes its codes again', async () => {
  const lenient = await startOidcProvider({ reusableCodes: true })
  const other = await startTestServer({ oidc: lenient.config }, server)
  try {
    const { body, headers } = await answeredOidc(other, lenient, someone())
    const finish = () => other.call('POST', '/v1/session/oidc', { body, headers })
    const statuses = (await Promise.all([finish(), finish(), finish()])).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expectStatus(await finish(), 401)
  } finally {
    await other.close()
    await lenient.close()
  }
})

test('AM-12 an answer that is no address is 400; one that says no is 401 with the reason, one with another code 401', async () => {
  const finish = async (change: (url: URL) => void) => {
    const { body, headers } = await answeredOidc(server, provider, someone())
    const url = new URL(body.callback_url)
    change(url)
    return server.call('POST', '/v1/session/oidc', { body: { callback_url: url.href }, headers })
  }
  const { headers } = await answeredOidc(server, provider, someone())
  const nonsense = await server.call('POST', '/v1/session/oidc', { body: { callback_url: 'nonsense' }, headers })
  expect([nonsense.status, nonsense.json['code']]).toEqual([400, 'invalid_request'])
  const denied = await finish((url) => {
    url.searchParams.delete('code')
    url.searchParams.set('error', 'access_denied')
  })
  expect([denied.status, denied.text]).toEqual([401, expect.stringContaining('access_denied')])
  expectStatus(await finish((url) => url.searchParams.set('code', 'another')), 401)
  expectStatus(await finish((url) => url.searchParams.set('iss', 'https://elsewhere.test')), 401)
  expectStatus(await finish((url) => url.searchParams.set('state', 'another')), 401)
})

test('AM-12 groups by claim are followed at every sign-in: joined, kept, left', async () => {
  const account = await server.account()
  const made = await server.as(account.owner)('POST', `/v1/accounts/${account.id}/groups`, { name: 'Builders', claim_value: 'builders' })
  expectStatus(made, 201)
  const members = async () =>
    (await server.as(account.owner)('GET', `/v1/accounts/${account.id}/groups/${made.json['id'] as string}/members`)).text
  const person = someone({ groups: ['builders', 'others'] })
  const { json } = await signInByOidc(server, provider, person)
  expect(await members()).toContain(json['user_id'])
  await signInByOidc(server, provider, { ...person, groups: 'builders' })
  expect(await members()).toContain(json['user_id'])
  await signInByOidc(server, provider, { ...person, groups: undefined })
  expect(await members()).not.toContain(json['user_id'])
})

test('AM-12 who signs in by the provider has no password to change, and keeps devices and tokens as everybody', async () => {
  const session = sessionOf(await signInByOidc(server, provider, someone()))
  const changed = await server.call('PUT', '/v1/me/password', {
    token: session,
    body: { current_password: 'none', new_password: 'a new long password' },
  })
  expect([changed.status, changed.json['code']]).toEqual([409, 'invalid_state'])
  const made = await server.call('POST', '/v1/me/tokens', { token: session, body: { name: 'mine' } })
  expectStatus(made, 201)
  const out = await server.call('DELETE', '/v1/session', { token: session })
  expectStatus(out, 204)
  expectStatus(await server.call('GET', '/v1/me', { token: session }), 401)
  expectStatus(await server.call('GET', '/v1/me', { token: made.json['token'] as string }), 200)
})

test('AM-12 a provider that fails is 503, and serves again as soon as it works, also where it failed from the start', async () => {
  const ailing = await startOidcProvider()
  ailing.behave('fail')
  const late = await startTestServer({ oidc: ailing.config }, server)
  try {
    const start = await late.call('GET', '/v1/session/oidc')
    expect([start.status, start.json['code']]).toEqual([503, 'unavailable'])
    ailing.behave('work')
    const { body, headers } = await answeredOidc(late, ailing, someone())
    ailing.behave('fail')
    expectStatus(await late.call('POST', '/v1/session/oidc', { body, headers }), 503)
    ailing.behave('work')
    expectStatus(await late.call('POST', '/v1/session/oidc', { body, headers }), 201)
  } finally {
    await late.close()
    await ailing.close()
  }
})

test('AM-12 without a provider there is no button, and both calls say what to configure', async () => {
  const plain = await startTestServer({}, server)
  try {
    expect((await plain.call('GET', '/v1/session/methods')).json['oidc']).toBeNull()
    const answers = [
      await plain.call('GET', '/v1/session/oidc'),
      await plain.call('POST', '/v1/session/oidc', { body: { callback_url: 'https://example.test/' } }),
    ]
    for (const answer of answers) expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('FREEHOLD_OIDC_ISSUER')])
  } finally {
    await plain.close()
  }
})
