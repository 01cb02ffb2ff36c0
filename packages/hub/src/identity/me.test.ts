import { afterEach, beforeEach, expect, test } from 'vitest'
import { EpochMoved } from '@freehold/db'
import { newId } from '@freehold/kit'
import { openWorld, password, type World } from './test-fixtures/world.ts'

let world: World
let operatorToken: string
let userId: string
beforeEach(async () => {
  world = await openWorld()
  const made = await world.start()
  operatorToken = made.token
  userId = made.userId
  await world.claim(made.setupToken)
})
afterEach(() => world.close())

const day = 86_400_000
const none = { params: {}, query: {}, body: undefined }
type Body = { name: string; lifetime_seconds?: number | null }
const createToken = async (by: string, body: Body, dryRun = false) =>
  world.handlers.createMyToken(await world.known(by, { dryRun }), { params: {}, query: {}, body })
const listTokens = async (by: string, query: { limit?: number; cursor?: string } = {}) =>
  world.handlers.listMyTokens(await world.known(by), { params: {}, query, body: undefined })
const revokeToken = async (by: string, id: string, dryRun = false) =>
  world.handlers.revokeMyToken(await world.known(by, { dryRun }), { params: { token_id: id }, query: {}, body: undefined })
const listSessions = async (by: string, query: { limit?: number; cursor?: string } = {}) =>
  world.handlers.listMySessions(await world.known(by), { params: {}, query, body: undefined })
const revokeSession = async (by: string, id: string) =>
  world.handlers.revokeMySession(await world.known(by), { params: { session_id: id }, query: {}, body: undefined })
const changePassword = async (by: string, current: string, next: string) =>
  world.handlers.changePassword(await world.known(by), { params: {}, query: {}, body: { current_password: current, new_password: next } })
const actions = async () => (await world.events(userId)).map((event) => event.action)

test('signing out ends the session at once and makes the browser forget it', async () => {
  const session = await world.session()
  await world.handlers.signOut(await world.known(session), none)
  expect(await world.as(session)).toBeNull()
  expect(world.headers.get('set-cookie')).toBe('freehold_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax')
  expect((await actions()).at(-1)).toBe('session.revoke')
})

test('a token has no session to sign out of, and is told what to do', async () => {
  await expect(world.handlers.signOut(await world.known(operatorToken), none)).rejects.toMatchObject({
    code: 'invalid_state',
    message: expect.stringContaining('/v1/me/tokens'),
  })
})

test('a session ends by itself after two weeks', async () => {
  const session = await world.session()
  world.clock.advance(14 * day - 1)
  expect(await world.as(session)).not.toBeNull()
  world.clock.advance(1)
  expect(await world.as(session)).toBeNull()
})

test('sessions are listed newest first with the own one marked, page by page, without those that ended', async () => {
  const first = await world.session({ userAgent: 'First', ip: '192.0.2.10' })
  const second = await world.session({ userAgent: 'Second' })
  const ended = await world.session({ userAgent: 'Ended' })
  await world.handlers.signOut(await world.known(ended), none)

  const { items } = await listSessions(first)
  expect(items.map((item) => [item.user_agent, item.current])).toEqual([
    ['Second', false],
    ['First', true],
    ['Firefox on Linux', false],
  ])
  expect(items[1]).toEqual({
    id: (await world.known(first)).principal.credential.id,
    current: true,
    user_agent: 'First',
    ip: '192.0.2.10',
    methods: ['password'],
    created_at: '2026-01-01T00:00:00.000Z',
    last_used_at: null,
    expires_at: '2026-01-15T00:00:00.000Z',
  })
  const page = await listSessions(second, { limit: 2 })
  const rest = await listSessions(second, { limit: 2, cursor: page.next! })
  expect([...page.items, ...rest.items].map((item) => item.user_agent)).toEqual(['Second', 'First', 'Firefox on Linux'])
  expect(rest.next).toBeNull()
})

test('a device signed out is refused at once, and a decision made before is noticed in the read', async () => {
  const [here, there] = [await world.session(), await world.session()]
  const decided = (await world.known(there)).principal
  await revokeSession(here, decided.credential.id)
  expect(await world.as(there)).toBeNull()
  const stale = world.handlers.listMySessions(
    { ...(await world.known(here)), reading: (scope) => world.database.reads.under({ ...scope, gates: decided.gates }) },
    { params: {}, query: {}, body: undefined },
  )
  await expect(stale).rejects.toBeInstanceOf(EpochMoved)
  await expect(revokeSession(here, decided.credential.id)).rejects.toMatchObject({ code: 'not_found' })
})

test('GF-25 a session or token of somebody else answers as one that does not exist, and stays', async () => {
  const rival = await world.addUser('rival@example.com')
  const session = await world.session()
  const sessionId = (await world.known(session)).principal.credential.id
  const tokenId = (await world.known(operatorToken)).principal.credential.id
  const before = await world.events(rival.userId)
  const refusals = await Promise.allSettled([
    revokeToken(rival.token, newId()),
    revokeToken(rival.token, tokenId),
    revokeSession(rival.token, newId()),
    revokeSession(rival.token, sessionId),
    revokeSession(rival.token, rival.tokenId), // a token is no session
  ])
  const answers = refusals.map((refusal) => {
    const { code, message } = (refusal as PromiseRejectedResult).reason
    return { code, message }
  })
  const [noToken, noSession] = [
    { code: 'not_found', message: 'No such token.' },
    { code: 'not_found', message: 'No such session.' },
  ]
  expect(answers).toEqual([noToken, noToken, noSession, noSession, noSession])
  expect(await world.as(operatorToken)).not.toBeNull()
  expect(await world.as(session)).not.toBeNull()
  expect(await world.events(rival.userId)).toEqual(before)
  expect((await listTokens(rival.token)).items.map((item) => item.id)).toEqual([rival.tokenId])
})

test('me tells who you are; a new name reaches decisions that were made before', async () => {
  const ctx = await world.known(operatorToken)
  expect(await world.handlers.getMe(ctx, none)).toEqual({
    kind: 'user',
    id: userId,
    label: 'Robin',
    email: 'owner@example.com',
    operator: true,
    role: null,
    scopes: [],
    workspace_id: null,
    tenant: null,
    second_factor: false,
    credential: { id: ctx.principal.credential.id, kind: 'personal_token', expires_at: null },
    expires_at: null,
  })
  const answer = await world.handlers.updateMe(ctx, { params: {}, query: {}, body: { name: 'Robin B.' } })
  expect(answer).toMatchObject({ id: userId, label: 'Robin B.' })
  expect((await world.known(operatorToken)).principal.label).toBe('Robin B.')
  await expect(world.handlers.listMyTokens(ctx, none)).rejects.toBeInstanceOf(EpochMoved)
  expect((await world.events(userId)).at(-1)).toMatchObject({
    action: 'user.update',
    before: { name: 'Robin' },
    after: { name: 'Robin B.' },
  })
})

test('a password change ends every other session, keeps tokens and the own session, and leaves no password behind', async () => {
  const [here, there] = [await world.session(), await world.session()]
  const decided = await world.known(there)
  await changePassword(here, password, 'another long password')
  expect(await world.as(there)).toBeNull()
  await expect(world.handlers.listMySessions(decided, none)).rejects.toBeInstanceOf(EpochMoved)
  expect(await world.as(here)).not.toBeNull()
  expect(await world.as(operatorToken)).not.toBeNull()
  await expect(world.signIn('owner@example.com', password)).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(await world.signIn('owner@example.com', 'another long password')).toMatchObject({ user_id: userId })
  const event = (await world.events(userId)).find((one) => one.action === 'user.password_change')!
  expect(event.after).toEqual({ sessions_ended: 2 })
  expect(JSON.stringify(event)).not.toMatch(/argon2|password"/)
})

test('a wrong current password changes nothing, and guesses are throttled together with the sign-in', async () => {
  const session = await world.session()
  for (let n = 0; n < 10; n++) {
    await expect(changePassword(session, 'wrong password', 'another long password')).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/body/current_password', message: 'is wrong' }],
    })
  }
  await expect(changePassword(session, password, 'another long password')).rejects.toMatchObject({ code: 'rate_limited' })
  await expect(world.signIn('owner@example.com', password)).rejects.toMatchObject({ code: 'rate_limited' })
  expect(await actions()).not.toContain('user.password_change')
})

test('of two password changes with one current password, one wins', async () => {
  const session = await world.session()
  const changes = await Promise.allSettled(
    ['first new password', 'second new password'].map((next) => changePassword(session, password, next)),
  )
  expect(changes.filter((change) => change.status === 'fulfilled')).toHaveLength(1)
})

test('a sign-in with the old password that races a password change leaves no session behind', async () => {
  for (let round = 0, current = password; round < 5; round++) {
    const next = `new password ${round}`
    await world.signIn('owner@example.com', current)
    const keeper = world.cookieToken()
    await Promise.allSettled([changePassword(keeper, current, next), ...[1, 2, 3].map(() => world.signIn('owner@example.com', current))])
    expect((await listSessions(keeper)).items.map((item) => item.current)).toEqual([true])
    current = next
  }
})

test('who has no password yet is told to open the setup link', async () => {
  const rival = await world.addUser('fresh@example.com')
  await expect(changePassword(rival.token, 'whatever it is', 'another long password')).rejects.toMatchObject({ code: 'invalid_state' })
})

test('a personal token lives 90 days unless told, is shown once, and works', async () => {
  const made = await createToken(operatorToken, { name: 'ci' })
  expect(made).toMatchObject({
    name: 'ci',
    expires_at: '2026-04-01T00:00:00.000Z',
    last_used_at: null,
    token: expect.stringMatching(/^fhp_/),
  })
  expect(made.token.startsWith(made.prefix)).toBe(true)
  expect((await world.known(made.token)).principal).toMatchObject({ id: userId, credential: { kind: 'personal_token' } })

  const { items } = await listTokens(operatorToken)
  expect(items.map((item) => item.name)).toEqual(['ci', 'operator-token'])
  const { token: _, ...listed } = made
  expect(items[0]).toEqual(listed)
  const event = (await world.events(userId)).at(-1)!
  expect(event).toMatchObject({ action: 'personal_token.create', resource_id: made.id, after: { name: 'ci' } })
  expect(JSON.stringify(event)).not.toContain(made.token.slice(-49))
  world.clock.advance(90 * day)
  expect(await world.as(made.token)).toBeNull()
})

test('a token makes no token that outlives it; a session does', async () => {
  const parent = await createToken(operatorToken, { name: 'parent', lifetime_seconds: 3600 })
  for (const lifetime of [undefined, null, 7200]) {
    const child = await createToken(parent.token, { name: 'child', ...(lifetime !== undefined && { lifetime_seconds: lifetime }) })
    expect(child.expires_at).toBe(parent.expires_at)
  }
  expect((await createToken(parent.token, { name: 'short', lifetime_seconds: 60 })).expires_at).toBe('2026-01-01T00:01:00.000Z')
  const session = await world.session()
  expect((await createToken(session, { name: 'lasting', lifetime_seconds: null })).expires_at).toBeNull()
})

test('revoking a token refuses it at once', async () => {
  const made = await createToken(operatorToken, { name: 'ci' })
  const decided = await world.known(made.token)
  await revokeToken(operatorToken, made.id)
  expect(await world.as(made.token)).toBeNull()
  await expect(world.handlers.listMyTokens(decided, none)).rejects.toBeInstanceOf(EpochMoved)
  await expect(revokeToken(operatorToken, made.id)).rejects.toMatchObject({ code: 'not_found' })
  expect((await actions()).slice(-2)).toEqual(['personal_token.create', 'personal_token.revoke'])
})

test('a dry run makes and revokes nothing', async () => {
  const before = await actions()
  const made = await createToken(operatorToken, { name: 'dry' }, true)
  expect(await world.as(made.token)).toBeNull()
  const { id } = (await world.known(operatorToken)).principal.credential
  await revokeToken(operatorToken, id, true)
  expect(await world.as(operatorToken)).not.toBeNull()
  expect(await actions()).toEqual(before)
})

test('a hundred live tokens are the limit, also for requests at the same moment', async () => {
  for (let n = 1; n < 97; n++) await createToken(operatorToken, { name: `t${n}`, lifetime_seconds: 60 })
  const settled = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => createToken(operatorToken, { name: `race${n}` })))
  expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(3)
  await expect(createToken(operatorToken, { name: 'more' })).rejects.toMatchObject({
    code: 'limit_reached',
    status: 402,
    members: { limit: 'personal_tokens', allowed: 100, used: 100 },
  })
  world.clock.advance(60_000)
  expect(await createToken(operatorToken, { name: 'more' })).toMatchObject({ name: 'more' })
})
