import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csvLine, withoutGuard } from './csv.ts'

test('what a spreadsheet would run is guarded, and the guard comes off again', () => {
  const texts = ['=1+1', '+1', '-1', '@a', '\tx', '\rx', "'=1", "''=1", "'", "it's", 'a=b', '', 'a"b', 'a,b', 'a\nb', ' = ']
  const line = csvLine(texts)
  const [cells] = parse(line)
  expect(cells!.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  expect(cells!.map(withoutGuard)).toEqual(texts)
})

test('nothing is an empty cell, an empty text is not, numbers stay numbers, and what is nested is JSON', () => {
  expect(csvLine([null, undefined, '', -5, 1.5, true, { a: [1] }])).toBe(',,"",-5,1.5,true,"{""a"":[1]}"\r\n')
})
