import { expect, test } from 'vitest'
import { refuseNesting } from './nesting.ts'

/** `a>b` puts b into a. */
const links = (...texts: string[]) =>
  texts.map((text) => {
    const [parentId = '', childId = ''] = text.split('>')
    return { parentId, childId }
  })
const adding = (wanted: string, ...present: string[]) => {
  const [link] = links(wanted)
  return () => refuseNesting(links(...present), link!)
}

test.each([
  ['a>b', []],
  ['a>b', ['b>c']],
  ['b>c', ['a>b']],
  ['a>c', ['a>b', 'b>c']],
  ['a>d', ['a>b', 'b>c']],
  ['a>b', ['a>b', 'b>c']],
])('PR-03 %s is taken beside %j', (wanted, present) => {
  expect(adding(wanted, ...present)).not.toThrow()
})

test.each([
  ['a>a', []],
  ['b>a', ['a>b']],
  ['c>a', ['a>b', 'b>c']],
])('PR-03 %s beside %j would be a circle', (wanted, present) => {
  expect(adding(wanted, ...present)).toThrow('in a circle')
})

test.each([
  ['c>d', ['a>b', 'b>c']],
  ['d>a', ['a>b', 'b>c']],
  ['b>c', ['a>b', 'c>d']],
  ['b>c', ['a>b', 'x>c', 'c>d', 'c>e']],
])('PR-03 %s beside %j would be a fourth level', (wanted, present) => {
  expect(adding(wanted, ...present)).toThrow('at most 3 deep')
})
