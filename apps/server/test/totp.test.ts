import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Actor, password } from './support/actors.ts'
import { enableTotp, offeredTotp, sessionOf, totpCode } from './support/ceremonies.ts'
import { auditOf, findText } from './support/database-inspect.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const signIn = (person: Actor, code?: string, secret = password) =>
  server.call('POST', '/v1/session', { body: { email: person.email, password: secret, ...(code !== undefined && { code }) } })
const methodsOf = async (session: string) =>
  (await server.call('GET', '/v1/me/sessions', { token: session })).list.find(({ current }) => current === true)!['methods']
const post = (session: string, path: string, body: unknown, headers = {}) => server.call('POST', path, { token: session, body, headers })
const ascending = (left: number, right: number) => left - right

/** Sends requests that have all judged what they bring before the first may use it up: they wait for rows that are held meanwhile. */
async function whileHeld(rows: string, person: Actor, requests: (() => Promise<Answer>)[]): Promise<Answer[]> {
  const holder = new pg.Client({ connectionString: server.superuserUrl })
  await holder.connect()
  await holder.query('begin')
  await holder.query(`select from ${rows} where user_id = $1 for update`, [person.id])
  const running = requests.map((send) => send())
  const waiting = "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  await waitFor(
    async () => (await server.superuser.query<{ count: number }>(waiting)).rows[0]!.count,
    (count) => count === requests.length,
  )
  await holder.query('rollback')
  await holder.end()
  return Promise.all(running)
}

/** A person with an authenticator app on, and the session that it was turned on by. */
async function guarded() {
  const person = await server.user()
  const session = sessionOf(await signIn(person))
  return { person, session, ...(await enableTotp(server, session)) }
}

test('AM-12 an app is offered as base32 and otpauth address with the e-mail; nothing is stored until its first code', async () => {
  const person = await server.user()
  const { token } = await server.session(person)
  const offer = await server.call('GET', '/v1/me/totp', { token })
  const url = new URL(offer.json['otpauth_url'] as string)
  expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual(['otpauth:', 'totp', `/Freehold:${person.email}`])
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ secret: offer.json['secret'], issuer: 'Freehold' })
  expect(offer.headers.get('etag')).toBeNull()
  const state = await server.call('GET', '/v1/me/second-factors', { token })
  expect(state.json).toEqual({ totp: null, recovery_codes_left: 0, accounts_withheld: 0, satisfied: false })
})

test('AM-12 turning it on needs the first code, proves this session, ends all others, and leaves one event without secrets', async () => {
  const person = await server.user()
  const [mine, other] = [await server.session(person), await server.session(person)]
  const { secret, body } = await offeredTotp(server, mine.token)
  const wrong = await post(mine.token, '/v1/me/totp', { ...body, code: '000000' })
  expect([wrong.status, wrong.json['errors']]).toEqual([400, [{ pointer: '/body/code', message: 'is wrong' }]])
  const enabled = await post(mine.token, '/v1/me/totp', body, { 'x-request-id': 'totp-on' })
  expectStatus(enabled, 200)
  const codes = enabled.json['recovery_codes'] as string[]
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/)

  expectStatus(await server.call('GET', '/v1/me', { token: other.token }), 401)
  expect(await methodsOf(mine.token)).toEqual(['totp'])
  expect((await server.call('GET', '/v1/me', { token: mine.token })).json['second_factor']).toBe(true)
  const state = await server.call('GET', '/v1/me/second-factors', { token: mine.token })
  expect(state.json).toEqual({ totp: { created_at: expect.any(String) }, recovery_codes_left: 10, accounts_withheld: 0, satisfied: true })
  expect(await auditOf(server.superuser, 'totp-on')).toMatchObject([{ action: 'totp.enable', chain_kind: 'user', actor_id: person.id }])
  for (const hidden of [secret, ...codes, codes[0]!.replaceAll('-', '')]) expect(await findText(server.superuser, hidden)).toEqual([])
})

test('AM-12 a second app is 409, an offer is good once and for its own person', async () => {
  const { session } = await guarded()
  const again = await server.call('GET', '/v1/me/totp', { token: session })
  expect([again.status, again.json['code']]).toEqual([409, 'invalid_state'])

  const [one, two] = [await server.session(await server.user()), await server.session(await server.user())]
  const { body } = await offeredTotp(server, one.token)
  const foreign = await post(two.token, '/v1/me/totp', body)
  expect([foreign.status, foreign.json['errors']]).toEqual([400, [{ pointer: '/body/setup', message: 'is not valid any more' }]])
  expectStatus(await post(one.token, '/v1/me/totp', { ...body, setup: `${body.setup}A` }), 400)
  const both = await Promise.all([post(one.token, '/v1/me/totp', body), post(one.token, '/v1/me/totp', body)])
  expect(both.map(({ status }) => status).toSorted(ascending)).toEqual([200, 409])
  const recovery = (both.find(({ status }) => status === 200)!.json['recovery_codes'] as string[])[0]
  expectStatus(await post(one.token, '/v1/me/totp/disable', { code: recovery }), 204)
  expectStatus(await post(one.token, '/v1/me/totp', body), 400)
})

test('AM-12 only a right password learns that a code is needed, and gets a session only with it', async () => {
  const { person, secret } = await guarded()
  const needed = await signIn(person)
  expect([needed.status, needed.json['code'], needed.json['methods']]).toEqual([401, 'second_factor_required', ['totp', 'recovery_code']])
  expect(needed.headers.get('set-cookie')).toBeNull()
  const wrongPassword = await signIn(person, totpCode(secret, 1), 'not the password')
  expect([wrongPassword.status, wrongPassword.json['code'], 'methods' in wrongPassword.json]).toEqual([401, 'unauthenticated', false])
  const wrongCode = await signIn(person, '000000')
  expect([wrongCode.status, wrongCode.json['code']]).toEqual([401, 'unauthenticated'])
  const right = await signIn(person, totpCode(secret, 1))
  expectStatus(right, 201)
  expect(await methodsOf(sessionOf(right))).toEqual(['password', 'totp'])
})

test('AM-12 no code works twice, also not of two at the same moment, nor one from before', async () => {
  const { person, secret, usedCode } = await guarded()
  expectStatus(await signIn(person, usedCode), 401)
  const code = totpCode(secret, 1)
  const same = () => signIn(person, code)
  const answers = await whileHeld('hub.totp', person, [same, same, same])
  expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([201, 401, 401])
  expectStatus(await signIn(person, code), 401)
  expectStatus(await signIn(person, totpCode(secret, -1)), 401)
})

test('AM-12 a code from two steps away is refused', async () => {
  const { person, secret } = await guarded()
  expectStatus(await signIn(person, totpCode(secret, 3)), 401)
  expectStatus(await signIn(person, totpCode(secret, -3)), 401)
})

test('AM-12 a recovery code signs in once, however it is typed, also of two at the same moment', async () => {
  const { person, recoveryCodes } = await guarded()
  const typed = recoveryCodes[0]!.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')
  const answers = await whileHeld('hub.recovery_code', person, [() => signIn(person, typed), () => signIn(person, recoveryCodes[0])])
  expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([201, 401])
  const session = sessionOf(answers.find(({ status }) => status === 201)!)
  expect(await methodsOf(session)).toEqual(['password', 'recovery_code'])
  const state = await server.call('GET', '/v1/me/second-factors', { token: session })
  expect(state.json).toMatchObject({ recovery_codes_left: 9, satisfied: true })
})

test('AM-12 wrong codes are counted: the eleventh try in a quarter of an hour is 429, also of a right one', async () => {
  const { person, secret, session } = await guarded()
  for (let count = 0; count < 10; count++) expectStatus(await signIn(person, '000000'), 401)
  const shut = await signIn(person, totpCode(secret, 1))
  expect([shut.status, Number(shut.headers.get('retry-after')) > 0]).toEqual([429, true])
  // The same guesses, whichever way they come.
  expectStatus(await post(session, '/v1/me/totp/disable', { code: totpCode(secret, 1) }), 429)
})

test('AM-12 new recovery codes void the old ones; turning the app off takes a code and voids all', async () => {
  const { person, session, recoveryCodes, secret } = await guarded()
  expectStatus(await post(session, '/v1/me/recovery-codes', { code: '000000' }), 400)
  const made = await post(session, '/v1/me/recovery-codes', { code: totpCode(secret, 1) }, { 'x-request-id': 'codes' })
  expectStatus(made, 201)
  const fresh = made.json['recovery_codes'] as string[]
  expect(await auditOf(server.superuser, 'codes')).toMatchObject([{ action: 'recovery_codes.create', actor_id: person.id }])
  expectStatus(await signIn(person, recoveryCodes[0]), 401)
  expectStatus(await post(session, '/v1/me/totp/disable', { code: recoveryCodes[1] }), 400)
  expectStatus(await post(session, '/v1/me/totp/disable', { code: fresh[0] }, { 'x-request-id': 'totp-off' }), 204)
  expect(await auditOf(server.superuser, 'totp-off')).toMatchObject([{ action: 'totp.disable', actor_id: person.id }])
  const without = await post(session, '/v1/me/totp/disable', { code: fresh[1] })
  expect([without.status, without.json['code']]).toEqual([409, 'invalid_state'])
  const signedIn = await signIn(person)
  expect(await methodsOf(sessionOf(signedIn))).toEqual(['password'])
})

test('AM-12 a sign-in by password alone that runs while the app is turned on leaves no session behind its back', async () => {
  for (let round = 0; round < 5; round++) {
    const person = await server.user()
    const { token } = await server.session(person)
    const { body } = await offeredTotp(server, token)
    const [enabled, signedIn] = await Promise.all([post(token, '/v1/me/totp', body), signIn(person)])
    expectStatus(enabled, 200)
    if (signedIn.status === 201) expectStatus(await server.call('GET', '/v1/me', { token: sessionOf(signedIn) }), 401)
    else expect(signedIn.json['code']).toBe('second_factor_required')
  }
})

test('AM-12 only a session changes second factors: a personal token is 403, a key too', async () => {
  const person = await server.user()
  const key = await server.apiKey(await server.workspace(), 'admin')
  for (const [token, permission] of [
    [person.token, 'session'],
    [key.token, 'user'],
  ] as const) {
    const answers = [
      await server.call('GET', '/v1/me/totp', { token }),
      await post(token, '/v1/me/totp', { setup: 'x', code: '000000' }),
      await post(token, '/v1/me/totp/disable', { code: '000000' }),
      await post(token, '/v1/me/recovery-codes', { code: '000000' }),
    ]
    for (const { status, json } of answers) expect([status, json['permission']]).toEqual([403, permission])
  }
})
