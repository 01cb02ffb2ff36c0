import { describe, expect, test } from 'vitest'
import { parseSchema } from './parser.ts'
import { type Expression, SchemaError } from './schema-types.ts'

const doc = (permission: string) => `definition user {}
definition doc {
  relation aaa: user
  relation bbb: user
  relation ccc: user
  relation parent: doc
  relation open: user | user:*
  permission ppp = ${permission}
}`

function parsed(permission: string) {
  const member = parseSchema(doc(permission)).definitions.get('doc')?.members.get('ppp')
  return member?.kind === 'permission' ? write(member.expression) : undefined
}

function write(expression: Expression): string {
  switch (expression.kind) {
    case 'nil':
      return 'nil'
    case 'reference':
      return expression.name
    case 'arrow':
      return `${expression.relation}->${expression.target}`
    case 'exclusion':
      return `(${write(expression.base)} - ${write(expression.except)})`
    default:
      return `(${expression.operands.map(write).join(expression.kind === 'union' ? ' + ' : ' & ')})`
  }
}

describe('expressions', () => {
  test.each([
    ['aaa', 'aaa'],
    ['aaa + bbb + ccc', '(aaa + bbb + ccc)'],
    ['aaa + bbb & ccc', '((aaa + bbb) & ccc)'],
    ['aaa & bbb + ccc', '(aaa & (bbb + ccc))'],
    ['aaa - bbb + ccc', '(aaa - (bbb + ccc))'],
    ['aaa - bbb - ccc', '((aaa - bbb) - ccc)'],
    ['aaa & bbb - ccc', '((aaa & bbb) - ccc)'],
    ['aaa + (bbb - ccc)', '(aaa + (bbb - ccc))'],
    ['parent->aaa + nil', '(parent->aaa + nil)'],
    ['aaa +\n  bbb', '(aaa + bbb)'],
    ['aaa /* why */ + bbb // and how', '(aaa + bbb)'],
  ])('%s groups as SpiceDB groups it', (text, expected) => expect(parsed(text)).toBe(expected))
})

const refusals: [text: string, line: number, column: number, reason: string][] = [
  ['definition user {', 1, 18, 'expected `relation`, `permission` or `}`, found the end of the text'],
  ['definition user {} }', 1, 20, 'expected `definition`, found `}`'],
  ['definition user {\n  relation friend user\n}', 2, 19, 'expected `:`, found `user`'],
  ['definition user {\n  relation friend: user relation other: user\n}', 2, 25, 'expected a new line or `;`, found `relation`'],
  ['definition user { relation friend: user }', 1, 41, 'expected a new line or `;`, found `}`'],
  ['definition us {}', 1, 12, '`us` cannot be the name of a definition: use 3 to 64 of a-z, 0-9 and _'],
  ['definition user {}\n\n  definition nil {}', 3, 14, '`nil` is a keyword and cannot be the name of a definition'],
  ['definition user {}\ndefinition user {}', 2, 12, '`user` is defined twice'],
  ['definition user {\n  relation abc: user\n  relation abc: user\n}', 3, 12, '`abc` is declared twice in `user`'],
  ['/* one\n two */ definition user { % }', 2, 27, 'unexpected character "%"'],
  ['definition user {}\n/* no end', 2, 1, 'comment is never closed'],
  ['definition user {\n  relation abc: ghost\n}', 2, 17, 'no definition `ghost`'],
  ['definition user {\n  relation abc: user | user\n}', 2, 24, '`abc` of `user` names the same subject twice'],
  ['definition user {\n  relation abc: user#ghost\n}', 2, 17, 'no `ghost` in `user`'],
  ['definition user {\n  relation abc: user with expiration\n}', 2, 27, 'begin the schema with `use expiration`'],
  ['definition user {\n  relation abc: user with tuesday\n}', 2, 27, 'expected `expiration`; caveats are not known here, found `tuesday`'],
  ['use typechecking', 1, 5, 'expected `expiration`, the one feature known here, found `typechecking`'],
  ['definition user {}\nuse expiration', 2, 1, 'expected `definition`, found `use`'],
  [doc('aaa\n + bbb'), 9, 2, 'expected `relation`, `permission` or `}`, found `+`'],
  [doc('aaa +'), 9, 1, 'expected a relation or permission, found `}`'],
  [doc('(aaa'), 9, 1, 'expected `)`, found `}`'],
  [doc('aaa bbb'), 8, 24, 'expected a new line or `;`, found `bbb`'],
  [doc('parent->aaa->bbb'), 8, 31, 'expected a new line or `;`, found `->`'],
  [doc('parent.all(aaa)'), 8, 26, 'expected a new line or `;`, found `.`'],
  [doc('ghost'), 8, 20, 'no `ghost` in `doc`'],
  [doc('ghost->aaa'), 8, 20, 'no `ghost` in `doc`'],
  [doc('parent->ghost'), 8, 20, 'nothing that `parent` points to has `ghost`'],
  [doc('open->ppp'), 8, 20, 'an arrow needs plain subjects, and `open` takes usersets or a wildcard'],
  [doc('ppp'), 8, 14, '`doc#ppp` depends on itself'],
  [doc('aaa + parent->ppp'), 8, 14, '`doc#ppp` depends on itself'],
  [doc('aaa\n  permission qqq = ppp->aaa'), 9, 20, 'an arrow starts at a relation, and `ppp` is a permission'],
  [doc('aaa\n  relation rrr: doc#open'), 9, 17, '`doc#open` holds a wildcard'],
]

describe('refused text', () => {
  test.each(refusals)('%j is refused at its place', (text, line, column, reason) => {
    let thrown: unknown
    try {
      parseSchema(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(SchemaError)
    expect(thrown).toMatchObject({ line, column, message: `${line}:${column} ${reason}` })
  })
})
