import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { SecretValue } from './secret-value.ts'

const value = new SecretValue('hunter2')

test('a secret value is given out by `open` alone', () => {
  expect(value.open()).toBe('hunter2')
  const error = new Error(`failed for ${String(value)}`, { cause: { value } })
  const shown = [
    String(value),
    String([value]),
    JSON.stringify({ value, list: [value] }),
    inspect({ value }, { depth: 9, showHidden: true }),
    format('%s %o %j %O', value, value, value, value),
    inspect(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(value)),
    Object.values(value).join(),
  ]
  expect(shown.filter((text) => text.includes('hunter2'))).toEqual([])
})

test('two are compared, and measured in UTF-8, without being opened', () => {
  expect(value.equals(new SecretValue('hunter2'))).toBe(true)
  expect(value.equals(new SecretValue('hunter3'))).toBe(false)
  expect(new SecretValue('ü€').sizeBytes).toBe(5)
})
