import { expect, test } from 'vitest'
import { toOidcPerson } from './oidc-person.ts'

const base = { iss: 'https://issuer.test', sub: 'abc', aud: 'freehold', iat: 0, exp: 0 }
const of = (claims: Record<string, unknown>) => toOidcPerson({ ...base, ...claims }, 'groups')

test('AM-12 an e-mail counts only if the provider says that it has verified it', () => {
  expect(of({ email: ' Robin@Example.test', email_verified: true }).email).toBe('robin@example.test')
  for (const email_verified of [undefined, false, 'true', 1, null]) expect(of({ email: 'a@example.test', email_verified }).email).toBeNull()
  expect(of({ email: ['a@example.test'], email_verified: true }).email).toBeNull()
})

test('AM-12 a name is taken from what there is, and always one that can be stored', () => {
  expect(of({ name: ' Robin\u0000\ud800 ' }).name).toBe('Robin\ufffd')
  expect(of({ name: 7, preferred_username: 'robin' }).name).toBe('robin')
  expect(of({ name: 'x'.repeat(101), email: `${'a'.repeat(120)}@example.test`, email_verified: true }).name).toHaveLength(100)
  expect(of({}).name).toBe('Unnamed')
})

test('AM-12 of the groups claim at most 500 different texts are taken, whatever it is', () => {
  expect(of({ groups: 'one' }).groups).toEqual(['one'])
  expect(of({ groups: ['a', 'a', 7, null, '', 'x'.repeat(201), ' b '] }).groups).toEqual(['a', 'b'])
  for (const groups of [undefined, null, 7, { a: 1 }]) expect(of({ groups }).groups).toEqual([])
  expect(of({ groups: Array.from({ length: 600 }, (_, n) => `group ${n}`) }).groups).toHaveLength(500)
})

test("AM-12 the provider's second factor is known by `amr`", () => {
  expect(of({ amr: ['pwd', 'mfa'] }).methods).toEqual(['oidc', 'mfa'])
  for (const amr of [undefined, ['pwd'], 'pwd', [7]]) expect(of({ amr }).methods).toEqual(['oidc'])
})
