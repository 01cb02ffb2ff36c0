import { randomBytes } from 'node:crypto'
import { SecretValue } from '@freehold/kit'
import { expect, test } from 'vitest'
import { openValue, sealValue } from './sealed-value.ts'

const key = { version: 1, key: randomBytes(32) }
const at = { workspaceId: 'w', environment: 'staging', key: 'A' }

test('GF-18 a value opens at its own workspace, environment, key and version, and at no other', () => {
  const sealed = sealValue(key, new SecretValue('hunter2'), at, 3)
  expect(openValue(key, sealed, at, 3).open()).toBe('hunter2')
  const elsewhere = [
    [{ ...at, workspaceId: 'v' }, 3],
    [{ ...at, environment: '' }, 3],
    [{ ...at, key: 'B' }, 3],
    [at, 2],
    [{ ...at, environment: 'stagingA', key: '' }, 3],
  ] as const
  for (const [place, version] of elsewhere) expect(() => openValue(key, sealed, place, version)).toThrow('was altered or belongs elsewhere')
  expect(() => openValue({ version: 1, key: randomBytes(32) }, sealed, at, 3)).toThrow('was altered')
})
