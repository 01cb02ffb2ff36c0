import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Actor, password } from './support/actors.ts'
import { addPasskey, answeredPasskey, browserOrigin, enableTotp, offeredPasskey, sessionOf } from './support/ceremonies.ts'
import { auditOf } from './support/database-inspect.ts'
import { expectStatus } from './support/request.ts'
import type { Wrong } from './support/software-authenticator.ts'
import { createAuthenticator } from './support/software-authenticator.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const post = (token: string | undefined, path: string, body: unknown, headers = {}) =>
  server.call('POST', path, { ...(token !== undefined && { token }), body, headers })
const passkeysOf = async (token: string) => (await server.call('GET', '/v1/me/passkeys', { token })).list
const ascending = (left: number, right: number) => left - right

async function holder(): Promise<{ person: Actor; session: string }> {
  const person = await server.user()
  return { person, session: (await server.session(person)).token }
}

test('AM-12 a passkey asks for a resident key and user verification, for this host alone', async () => {
  const { person, session } = await holder()
  const first = await addPasskey(server, session)
  const { options } = await offeredPasskey(server, session)
  expect(options).toMatchObject({
    rp: { id: 'localhost', name: 'Freehold' },
    user: { name: person.email },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: [{ type: 'public-key' }],
  })
  expect(first.id).toBeTruthy()
})

test('AM-12 a passkey is made, listed, signs in without an e-mail as a second factor, and is removed', async () => {
  const { person, session } = await holder()
  const { body, authenticator } = await offeredPasskey(server, session, 'My key')
  const made = await post(session, '/v1/me/passkeys', body, { 'x-request-id': 'passkey-made' })
  expectStatus(made, 201)
  expect(made.json).toEqual({
    id: expect.any(String),
    name: 'My key',
    backed_up: false,
    created_at: expect.any(String),
    last_used_at: null,
  })
  const id = made.json['id'] as string
  expect(await passkeysOf(person.token)).toEqual([made.json])
  expect(await auditOf(server.superuser, 'passkey-made')).toMatchObject([
    { action: 'passkey.create', chain_kind: 'user', actor_id: person.id },
  ])

  const answered = await answeredPasskey(server, { id, authenticator })
  const signedIn = await post(undefined, '/v1/session/passkey', answered, { 'x-request-id': 'passkey-used' })
  expectStatus(signedIn, 201)
  expect(signedIn.json['user_id']).toBe(person.id)
  expect(await auditOf(server.superuser, 'passkey-used')).toMatchObject([{ action: 'session.create', actor_id: person.id }])
  const { json } = await server.call('GET', '/v1/me', { token: sessionOf(signedIn) })
  expect(json).toMatchObject({ id: person.id, second_factor: true })
  const { list } = await server.call('GET', '/v1/me/sessions', { token: sessionOf(signedIn) })
  expect(list[0]).toMatchObject({ current: true, methods: ['passkey'] })
  expect((await passkeysOf(session))[0]!['last_used_at']).toEqual(expect.any(String))

  const gone = await server.call('DELETE', `/v1/me/passkeys/${id}`, { token: session, headers: { 'x-request-id': 'passkey-gone' } })
  expectStatus(gone, 204)
  expect(await auditOf(server.superuser, 'passkey-gone')).toMatchObject([{ action: 'passkey.delete', actor_id: person.id }])
  expect(await passkeysOf(session)).toEqual([])
  expectStatus(await post(undefined, '/v1/session/passkey', await answeredPasskey(server, { id, authenticator })), 401)
})

test("AM-12 another person's passkey is in no list, and deleting it is the same 404 as of none", async () => {
  const [mine, theirs] = [await holder(), await holder()]
  const { id } = await addPasskey(server, theirs.session)
  const remove = (wanted: string) => server.call('DELETE', `/v1/me/passkeys/${wanted}`, { token: mine.session })
  const [foreign, missing] = [await remove(id), await remove('01900000-0000-7000-8000-00000000dead')]
  expect([foreign.status, missing.status]).toEqual([404, 404])
  expect(foreign.json['detail']).toBe(missing.json['detail'])
  expect(await passkeysOf(mine.session)).toEqual([])
  expect(await passkeysOf(theirs.session)).toHaveLength(1)
})

test('AM-12 an answer is good once, also of two at the same moment, and for the person and purpose that it was asked for', async () => {
  const { session } = await holder()
  const { body, authenticator } = await offeredPasskey(server, session)
  const foreign = await post((await holder()).session, '/v1/me/passkeys', body)
  expect([foreign.status, foreign.json['errors']]).toEqual([400, [{ pointer: '/body/setup', message: 'is not valid any more' }]])
  const made = await Promise.all([post(session, '/v1/me/passkeys', body), post(session, '/v1/me/passkeys', body)])
  expect(made.map(({ status }) => status).toSorted(ascending)).toEqual([201, 400])

  const answered = await answeredPasskey(server, { id: '', authenticator })
  const used = await Promise.all([post(undefined, '/v1/session/passkey', answered), post(undefined, '/v1/session/passkey', answered)])
  expect(used.map(({ status }) => status).toSorted(ascending)).toEqual([201, 401])
  // Base64 can be written in several ways: it is still the same answer.
  expectStatus(await post(undefined, '/v1/session/passkey', { ...answered, setup: `${answered.setup as string}=` }), 401)
  const mixed = { ...(await answeredPasskey(server, { id: '', authenticator })), setup: body.setup }
  expectStatus(await post(undefined, '/v1/session/passkey', mixed), 401)
})

test.each<[string, Wrong]>([
  ['another origin', { origin: 'https://evil.test' }],
  ['no user verification', { isUserVerified: false }],
  ['another challenge', { challenge: 'AAAA' }],
])('AM-12 a passkey made for %s is refused', async (_what, wrong) => {
  const { session } = await holder()
  const offer = await server.call('GET', '/v1/me/passkey-options', { token: session })
  const response = createAuthenticator(browserOrigin(server)).create(offer.json['options'] as Record<string, unknown>, wrong)
  const refused = await post(session, '/v1/me/passkeys', { name: 'Bad', setup: offer.json['setup'], response })
  expect([refused.status, refused.json['errors']]).toEqual([400, [{ pointer: '/body/response', message: 'does not fit the options' }]])
  expect(await passkeysOf(session)).toEqual([])
})

test.each<[string, Wrong]>([
  ['for another origin', { origin: 'https://evil.test' }],
  ['without user verification', { isUserVerified: false }],
  ['of another challenge', { challenge: 'AAAA' }],
  ['for another person', { userHandle: '01900000-0000-7000-8000-00000000dead' }],
  ['with a counter that was seen, as of a copied passkey', { counter: 1 }],
])('AM-12 an assertion %s opens nothing', async (_what, wrong) => {
  const { session } = await holder()
  const passkey = await addPasskey(server, session)
  expectStatus(await post(undefined, '/v1/session/passkey', await answeredPasskey(server, passkey)), 201)
  const refused = await post(undefined, '/v1/session/passkey', await answeredPasskey(server, passkey, wrong))
  expect([refused.status, refused.json['code'], refused.headers.get('set-cookie')]).toEqual([401, 'unauthenticated', null])
  expectStatus(await post(undefined, '/v1/session/passkey', await answeredPasskey(server, passkey)), 201)
})

test('AM-12 a passkey that never counts signs in again and again', async () => {
  const passkey = await addPasskey(server, (await holder()).session)
  for (let count = 0; count < 2; count++) {
    expectStatus(await post(undefined, '/v1/session/passkey', await answeredPasskey(server, passkey, { counter: 0 })), 201)
  }
})

test.each([[{}], [{ id: 7 }], [{ id: '' }], [{ id: 'x', response: null }], [{ id: 'x', rawId: 'x', type: 'public-key', response: {} }]])(
  'AM-12 nonsense for an answer (%j) is 400 to who adds a passkey and 401 to who signs in',
  async (response) => {
    const { session } = await holder()
    const offer = await server.call('GET', '/v1/me/passkey-options', { token: session })
    expectStatus(await post(session, '/v1/me/passkeys', { name: 'Bad', setup: offer.json['setup'], response }), 400)
    const { json } = await server.call('GET', '/v1/session/passkey')
    expectStatus(await post(undefined, '/v1/session/passkey', { setup: json['setup'], response }), 401)
  },
)

test('AM-12 a passkey changes nothing about the password, which still signs in by itself unless an app is on', async () => {
  const { person, session } = await holder()
  await addPasskey(server, session)
  const signedIn = await post(undefined, '/v1/session', { email: person.email, password })
  expectStatus(signedIn, 201)
  await enableTotp(server, sessionOf(signedIn))
  expect((await post(undefined, '/v1/session', { email: person.email, password })).json['code']).toBe('second_factor_required')
})

test('AM-12 a passkey does not lead around an app that is on: only a session that was proved by it adds one', async () => {
  const { person, session } = await holder()
  await enableTotp(server, session)
  const { token: unproved } = await server.session(person)
  const { body } = await offeredPasskey(server, unproved)
  const refused = await post(unproved, '/v1/me/passkeys', body)
  expect([refused.status, refused.json['permission']]).toEqual([403, 'second_factor'])
  await addPasskey(server, session)
})

test('AM-12 only a session changes passkeys: a personal token is 403', async () => {
  const { person, session } = await holder()
  const { id } = await addPasskey(server, session)
  const answers = [
    await server.call('GET', '/v1/me/passkey-options', { token: person.token }),
    await post(person.token, '/v1/me/passkeys', { name: 'x', setup: 'x', response: {} }),
    await server.call('DELETE', `/v1/me/passkeys/${id}`, { token: person.token }),
  ]
  for (const { status, json } of answers) expect([status, json['permission']]).toEqual([403, 'session'])
})
