import { afterEach, beforeEach, expect, test } from 'vitest'
import { build } from '@freehold/db'
import { hashToken, parseToken } from '@freehold/kit'
import { ensureFirstOperator, INSTALLATION_ID, issueSetupLink } from './index.ts'
import { openWorld, password, type World } from './test-fixtures/world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const setup = () => world.handlers.getSetup(world.anonymous(), { params: {}, query: {}, body: undefined })

test('the first start makes one operator, who owns the first account and holds a working token', async () => {
  const made = await world.start()
  const ctx = await world.known(made.token)
  expect(ctx.principal).toMatchObject({ id: made.userId, operator: true, label: 'Operator', email: null })

  const tuples = await world.database.reads
    .under({ proof: { object_ids: made.userId } })
    .rows(build.selectFrom('hub.relationship').select(['resource_type', 'resource_id', 'relation']).orderBy('resource_type'))
  expect(tuples).toEqual([
    { resource_type: 'account', resource_id: made.accountId, relation: 'owner' },
    { resource_type: 'installation', resource_id: INSTALLATION_ID, relation: 'operator' },
  ])
  const events = await world.events(made.accountId)
  expect(events.map((event) => event.action)).toEqual(['account.create'])
  expect(await setup()).toEqual({ claimed: false, version: '1.2.3' })
})

test('two processes that start at once make one operator, and a later start finds it', async () => {
  const starts = await Promise.all([1, 2, 3, 4].map(() => ensureFirstOperator(world.deps)))
  expect(starts.filter((start) => start.created)).toHaveLength(1)
  expect(starts.filter((start) => !start.created)).toEqual(Array.from({ length: 3 }, () => ({ created: false, claimed: false })))
  const operators = await world.database.reads
    .under({ proof: { installation_id: INSTALLATION_ID } })
    .rows(build.selectFrom('hub.relationship').select('subject_id'))
  expect(operators).toHaveLength(1)
  expect(await ensureFirstOperator(world.deps)).toEqual({ created: false, claimed: false })
})

test('a start whose token could not be kept makes nothing', async () => {
  const keepToken = () => Promise.reject(new Error('disk full'))
  await expect(ensureFirstOperator({ ...world.deps, keepToken })).rejects.toThrow('disk full')
  expect((await world.start()).created).toBe(true)
})

test('the setup link gives name, e-mail and password to the operator and signs in, in one audited change', async () => {
  const made = await world.start()
  const answer = await world.claim(made.setupToken)
  expect(answer).toEqual({ user_id: made.userId, expires_at: '2026-01-15T00:00:00.000Z' })
  expect(await setup()).toMatchObject({ claimed: true })
  const ctx = await world.known(world.cookieToken())
  expect(ctx.principal).toMatchObject({ id: made.userId, label: 'Robin', email: 'owner@example.com', operator: true })
  expect(ctx.principal.credential.kind).toBe('session')

  const events = await world.events(made.userId)
  expect(events).toMatchObject([{ action: 'user.claim', actor_id: made.userId, after: { name: 'Robin', email: 'owner@example.com' } }])
  const row = await world.database.reads.under({ principalId: made.userId }).first(build.selectFrom('hub.app_user').select('password_hash'))
  expect(row!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await world.signIn('OWNER@example.com', password)).toMatchObject({ user_id: made.userId })
})

test('the setup link works once, also for two requests at the same moment', async () => {
  const made = await world.start()
  const claims = await Promise.allSettled([1, 2, 3].map((n) => world.claim(made.setupToken, `owner${n}@example.com`)))
  expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1)
  for (const claim of claims) if (claim.status === 'rejected') expect(claim.reason).toMatchObject({ code: 'unauthenticated' })
  await expect(world.claim(made.setupToken)).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('Restart the server'),
  })
})

test('a link that is wrong, of another kind or a week old claims nothing', async () => {
  const made = await world.start()
  for (const token of ['nonsense', made.token, made.setupToken.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))]) {
    await expect(world.claim(token)).rejects.toMatchObject({ code: 'unauthenticated' })
  }
  world.clock.advance(7 * 86_400_000)
  await expect(world.claim(made.setupToken)).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(await setup()).toMatchObject({ claimed: false })
})

test('a setup link is no credential', async () => {
  const made = await world.start()
  expect(await world.as(made.setupToken)).toBeNull()
})

test('a restart before the claim replaces the link, and after it there is none', async () => {
  expect(await issueSetupLink(world.deps)).toBeNull()
  const made = await world.start()
  const fresh = await issueSetupLink(world.deps)
  expect(fresh!.expiresAt.toISOString()).toBe('2026-01-08T00:00:00.000Z')
  await expect(world.claim(made.setupToken)).rejects.toMatchObject({ code: 'unauthenticated' })
  await world.claim(fresh!.token)
  expect(await issueSetupLink(world.deps)).toBeNull()
  expect(await ensureFirstOperator(world.deps)).toEqual({ created: false, claimed: true })
})

test('a claim with an e-mail that another user has is a conflict, and the link stays good', async () => {
  const made = await world.start()
  const other = await world.addUser('taken@example.com')
  await expect(world.claim(made.setupToken, 'Taken@example.com')).rejects.toMatchObject({ code: 'conflict' })
  expect(await setup()).toMatchObject({ claimed: false })
  expect(await world.claim(made.setupToken, 'free@example.com')).toMatchObject({ user_id: made.userId })
  expect(other.userId).not.toBe(made.userId)
})

test('guesses of the setup link are throttled by address, with when to come back', async () => {
  const made = await world.start()
  for (let n = 0; n < 10; n++) await expect(world.claim('guess')).rejects.toMatchObject({ code: 'unauthenticated' })
  await expect(world.claim(made.setupToken)).rejects.toMatchObject({ code: 'rate_limited', headers: { 'retry-after': '900' } })
  expect(await world.claim(made.setupToken, 'owner@example.com', { ip: '192.0.2.2' })).toMatchObject({ user_id: made.userId })
})

test('only hashes of tokens are stored', async () => {
  const made = await world.start()
  await world.claim(made.setupToken)
  const rows = await world.database.reads.under({ principalId: made.userId }).rows(build.selectFrom('hub.credential').selectAll())
  expect(rows).toHaveLength(3)
  const stored = JSON.stringify(rows)
  for (const token of [made.token, made.setupToken, world.cookieToken()]) {
    expect(stored).not.toContain(token.slice(-49))
    expect(rows.some((row) => row.hash.equals(hashToken(token)))).toBe(true)
    expect(parseToken(token)).not.toBeNull()
  }
})
