import { noLimits, type Principal } from '@freehold/authz/request'
import { expect, test } from 'vitest'
import { chooseExpiry, renewExpiry } from './key-lifetime.ts'
import { noticesOf } from './notice-times.ts'

const now = new Date('2026-01-01T00:00:00.000Z')
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const day = 86_400

function maker(kind: Principal['kind'], expiresAt: Date | null): Principal {
  const credential = { id: '', kind: kind === 'user' ? ('session' as const) : kind, expiresAt }
  const who = {
    id: '',
    label: '',
    email: null,
    operator: false,
    workspaceId: null,
    role: null,
    scopes: [],
    tenant: null,
    secondFactor: false,
  }
  return { ...who, kind, limits: noLimits, credential, gates: [] }
}
const person = maker('user', after(60))

test('AM-04 a key lives 90 days unless told, for ever if told, and as long as told', () => {
  const bounds = { maker: person, policySeconds: null, now }
  expect(chooseExpiry(undefined, bounds)).toEqual(after(90 * day))
  expect(chooseExpiry(null, bounds)).toBeNull()
  expect(chooseExpiry(3600, bounds)).toEqual(after(3600))
})

test('AM-04 no key lives longer than its account allows: the default bends, a wish is refused with the longest life', () => {
  const bounds = { maker: person, policySeconds: 7 * day, now }
  expect(chooseExpiry(undefined, bounds)).toEqual(after(7 * day))
  expect(chooseExpiry(7 * day, bounds)).toEqual(after(7 * day))
  expect(chooseExpiry(undefined, { ...bounds, policySeconds: 365 * day })).toEqual(after(90 * day))
  for (const asked of [null, 7 * day + 1]) {
    expect(() => chooseExpiry(asked, bounds)).toThrow(
      expect.objectContaining({ code: 'forbidden', members: { policy: 'max_api_key_lifetime_seconds', allowed: 7 * day } }),
    )
  }
})

test.each(['api_key', 'workspace_token'] as const)('AM-04 what an %s makes ends with it at the latest', (kind) => {
  const bounds = { maker: maker(kind, after(day)), policySeconds: null, now }
  expect(chooseExpiry(day, bounds)).toEqual(after(day))
  for (const asked of [undefined, null, day + 1]) expect(() => chooseExpiry(asked, bounds)).toThrow('outlives')
  expect(chooseExpiry(null, { ...bounds, maker: maker(kind, null) })).toBeNull()
})

test('BX-05 a successor lives as long as the key was made to, and no longer than policy and maker allow', () => {
  const key = { created_at: after(-20 * day), expires_at: after(10 * day) }
  const bounds = { maker: person, policySeconds: null, now }
  expect(renewExpiry(key, bounds)).toEqual(after(30 * day))
  expect(renewExpiry({ ...key, expires_at: null }, bounds)).toBeNull()
  expect(renewExpiry(key, { ...bounds, policySeconds: 7 * day })).toEqual(after(7 * day))
  expect(renewExpiry({ ...key, expires_at: null }, { ...bounds, policySeconds: 7 * day })).toEqual(after(7 * day))
  expect(renewExpiry(key, { ...bounds, policySeconds: 7 * day, maker: maker('api_key', after(day)) })).toEqual(after(day))
})

test('AM-04 an end is told a week ahead, or for the last eighth of a life shorter than eight days', () => {
  const dueOf = (seconds: number) =>
    noticesOf({ id: 'k', workspaceId: 'w', createdAt: now, expiresAt: after(seconds) }).map(({ kind, dueAt }) => [kind, dueAt])
  expect(dueOf(90 * day)).toEqual([
    ['expiry_notice', after(83 * day)],
    ['expire', after(90 * day)],
  ])
  expect(dueOf(8 * day)[0]).toEqual(['expiry_notice', after(day)])
  expect(dueOf(4 * day)[0]).toEqual(['expiry_notice', after(3.5 * day)])
  expect(dueOf(80)[0]).toEqual(['expiry_notice', after(70)])
  expect(noticesOf({ id: 'k', workspaceId: 'w', createdAt: now, expiresAt: null })).toEqual([])
})
