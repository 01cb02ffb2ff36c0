import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createRootKey } from '../root-keys/index.ts'
import { hashRecoveryCode, mintRecoveryCodes } from './recovery-codes.ts'
import { matchStep, newTotpSecret, sealTotpSecret, unsealTotpSecret } from './totp-secret.ts'

// RFC 6238, appendix B: SHA-1, the last six of its eight digits.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const at = (seconds: number) => new Date(seconds * 1000)

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1234567890, '005924'],
  [20000000000, '353130'],
])('AM-12 at %i seconds the code is %s, as RFC 6238 says', (seconds, code) => {
  expect(matchStep(secret, code, { now: at(seconds), afterStep: 0 })).toBe(Math.floor(seconds / 30))
})

test('AM-12 a code is good for one step before and after its own, and never again once a step has been taken', () => {
  const [code, step] = ['081804', 37_037_036]
  const from = step * 30
  for (const [seconds, matched] of [
    [from - 31, null],
    [from - 30, step],
    [from, step],
    [from + 29, step],
    [from + 59, step],
    [from + 60, null],
  ] as const) {
    expect([seconds - from, matchStep(secret, code, { now: at(seconds), afterStep: 0 })]).toEqual([seconds - from, matched])
  }
  expect(matchStep(secret, code, { now: at(from), afterStep: step - 1 })).toBe(step)
  expect(matchStep(secret, code, { now: at(from), afterStep: step })).toBeNull()
})

test('AM-12 what is no code of six digits matches nothing', () => {
  for (const code of ['', '28708', '2870820', '28708x', ' 287082', '２８７０８２']) {
    expect(matchStep(secret, code, { now: at(59), afterStep: 0 })).toBeNull()
  }
})

test('AM-12 a sealed secret opens for its own holder and installation only', () => {
  const [key, offered] = [createRootKey(1, randomBytes(32)), newTotpSecret('robin@example.test').secret]
  expect(offered).toMatch(/^[A-Z2-7]{32}$/)
  const sealed = sealTotpSecret(key, 'me', offered)
  expect(unsealTotpSecret(key, 'me', sealed)).toBe(offered)
  expect(() => unsealTotpSecret(key, 'you', sealed)).toThrow('unable to authenticate')
  expect(() => unsealTotpSecret(createRootKey(1, randomBytes(32)), 'me', sealed)).toThrow('unable to authenticate')
})

test('AM-12 ten recovery codes of 80 bits, known however they are typed', () => {
  const { codes, hashes } = mintRecoveryCodes()
  expect([new Set(codes).size, hashes.length]).toEqual([10, 10])
  expect(hashRecoveryCode(` ${codes[0]!.toUpperCase().replaceAll('-', ' ')}`)).toEqual(hashes[0])
  expect(hashRecoveryCode('0O1I-L')).toEqual(hashRecoveryCode('00111'))
})
