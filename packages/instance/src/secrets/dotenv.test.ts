import { parse } from 'dotenv'
import { expect, test } from 'vitest'
import { parseDotenv } from './dotenv.ts'

const read = (text: string) => Object.fromEntries(parseDotenv(text).lines.map(({ key, value }) => [key, value]))
const faults = (text: string) => parseDotenv(text).faults.map(({ line, message }) => `${line} ${message}`)

const files = [
  'A=1\nB = two words \n\n# comment\n  # indented\nexport C=3\r\nD=\r\nE=a=b=c\n',
  `S='single # $X \\n'\nD="double \\n line # no comment" # comment\nB=\`back "both" 'kinds'\``,
  'KEY="-----BEGIN\nline two\n\nline four\n-----END"\nNEXT=1',
  'A="say \\"hi\\""\nB=\'it\\\'s\'',
  'HASH=a#b\nSPACE=  x  # y\nQ=""\nR=\'\'\nUNICODE=ü€😀\n   LEAD=1',
  'A=x"y"z\nB=1"',
  '\uFEFFA=1',
]

test.each(files)('reads as the common parser does: %j', (text) => {
  expect(faults(text)).toEqual([])
  expect(read(text)).toEqual(parse(text.replace(/^\uFEFF/, '')))
})

test('what the common parser passes over in silence is named by its line, and never by its text', () => {
  expect(faults('A=1\nhunter2\n=hunter2\nB="hunter\n2" hunter2\nC: hunter2\nD="hunter2')).toEqual([
    '2 is no assignment: write `KEY=value`',
    '3 is no assignment: write `KEY=value`',
    '4 has text behind the closing quote',
    '6 is no assignment: write `KEY=value`',
    '7 opens a quote that is never closed',
  ])
})

test('a megabyte of anything is read in one pass', () => {
  for (const unit of ['\n', ' ', "A='x\n", '"', '\\"', 'A="\\"', '=']) parseDotenv(unit.repeat(1_000_000 / unit.length))
})
