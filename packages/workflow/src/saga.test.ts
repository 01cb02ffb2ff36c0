import { expect, test } from 'vitest'
import { saga, type Step } from './index.ts'
import { indexSagas } from './saga.ts'

const step = (name: string): Step<object, object> => ({ name, run: async () => undefined, undo: async () => undefined })

test('a saga refuses two steps of one name', () => {
  expect(() => saga('one.saga', [step('same'), step('same')])).toThrow('two steps named same')
})

test('a saga refuses a step that leaves its undo open, or says none without saying why', () => {
  const open = { name: 'open', run: async () => undefined } as unknown as Step<object, object>
  const unexplained: Step<object, object> = { name: 'unexplained', run: async () => undefined, undo: 'none', why: ' ' }
  expect(() => saga('one.saga', [open])).toThrow('must state its undo')
  expect(() => saga('one.saga', [unexplained])).toThrow('must state its undo')
})

test('a saga has a step and a proper name', () => {
  expect(() => saga('one.saga', [])).toThrow('no steps')
  expect(() => saga('One saga', [step('a')])).toThrow('no name for a saga')
  expect(() => saga('one.saga', [step('a:b')])).toThrow('no name for a step')
})

test('two sagas of one name are refused', () => {
  expect(() => indexSagas([saga('one.saga', [step('a')]), saga('one.saga', [step('b')])])).toThrow('share a name')
})
