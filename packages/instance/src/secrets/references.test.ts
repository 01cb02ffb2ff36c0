import { SecretValue } from '@freehold/kit'
import { expect, test } from 'vitest'
import { resolveReferences } from './references.ts'

function resolve(values: Record<string, string>): Record<string, string> {
  const secrets = new Map(Object.entries(values).map(([key, value]) => [key, new SecretValue(value)]))
  return Object.fromEntries([...resolveReferences(secrets)].map(([key, value]) => [key, value.open()]))
}
function refusal(values: Record<string, string>): { code: string; message: string; members: { keys: string[] } } {
  try {
    resolve(values)
  } catch (error) {
    return error as ReturnType<typeof refusal>
  }
  throw new Error('it was not refused')
}

test('GF-18 a reference becomes the value it names, however deep, and `$${` the text `${`', () => {
  const values = {
    URL: 'postgres://${USER}:${PASSWORD}@${HOST}/${USER}',
    USER: 'kim',
    PASSWORD: '${PREFIX}-$${HOST}',
    PREFIX: 'p$$x$',
    HOST: 'db',
    SHELL: '$HOME ${} ${not-a-key} $(x) ${1}',
  }
  expect(resolve(values)).toEqual({ ...values, URL: 'postgres://kim:p$$x$-${HOST}@db/kim', PASSWORD: 'p$$x$-${HOST}' })
})

test('what looks like a replacement pattern of the language is text', () => {
  expect(resolve({ A: '[${B}]', B: "$& $1 $' $$" })['A']).toBe("[$& $1 $' $$]")
})

test('GF-18 cycles and unknown keys are refused with the keys in them, all at once, and never with a value', () => {
  const { code, message, members } = refusal({ A: 'hunter2 ${B}', B: '${C}', C: '${A}', SELF: 'x${SELF}', LOST: 'y${NOWHERE}', FINE: '1' })
  expect(code).toBe('conflict')
  expect(message).toContain('`A` refers to `B` refers to `C` refers to `A`')
  expect(message).toContain('`SELF` refers to `SELF`')
  expect(message).toContain('`LOST` refers to `NOWHERE`, which there is not')
  expect(members.keys.toSorted()).toEqual(['A', 'B', 'C', 'LOST', 'NOWHERE', 'SELF'])
  expect(JSON.stringify([message, members])).not.toMatch(/hunter2|FINE/)
})

test('values that name each other again and again are refused before they fill the memory', () => {
  const doubling = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`K${at}`, at === 59 ? 'x' : `\${K${at + 1}}\${K${at + 1}}`]))
  expect(refusal(doubling).code).toBe('conflict')
  expect(refusal({ A: '${B}'.repeat(10_000), B: 'x'.repeat(65_536) }).code).toBe('conflict')
  const chain = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`K${at}`, `\${K${at + 1}}`]))
  expect(refusal({ ...chain, K2000: '' }).code).toBe('conflict')
})
