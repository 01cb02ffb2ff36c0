import { type Token, tokenize } from './lexer.ts'
import { type Position, SchemaError } from './schema-types.ts'

const memberName = /^[a-z][a-z0-9_]{1,62}[a-z0-9]$/
const reserved = new Set([
  'definition',
  'relation',
  'permission',
  'caveat',
  'nil',
  'with',
  'and',
  'self',
  'import',
  'partial',
  'use',
  'expiration',
])

export type Cursor = ReturnType<typeof openCursor>

/** Steps through the tokens of a schema text; what does not fit is a SchemaError at its position. */
export function openCursor(source: string) {
  const tokens = tokenize(source)
  let index = 0
  const peek = () => tokens[index] as Token
  const next = () => tokens[index === tokens.length - 1 ? index : index++] as Token
  const is = (text: string) => peek().kind !== 'end' && peek().text === text

  const fail = (expected: string): never => {
    const token = peek()
    throw new SchemaError(`expected ${expected}, found ${token.kind === 'end' ? 'the end of the text' : `\`${token.text}\``}`, token.at)
  }
  const take = (text: string) => (is(text) ? next() : undefined)
  const expect = (text: string) => take(text) ?? fail(`\`${text}\``)

  /** A name of three to 64 characters: SpiceDB takes no other, nor its keywords. */
  const expectName = (what: string): { name: string; at: Position } => {
    const token = peek()
    if (token.kind !== 'name') return fail(what)
    if (reserved.has(token.text)) throw new SchemaError(`\`${token.text}\` is a keyword and cannot be ${what}`, token.at)
    if (!memberName.test(token.text)) throw new SchemaError(`\`${token.text}\` cannot be ${what}: use 3 to 64 of a-z, 0-9 and _`, token.at)
    next()
    return { name: token.text, at: token.at }
  }
  const expectEndOfStatement = () => {
    if (take(';') === undefined && !peek().startsLine && peek().kind !== 'end') fail('a new line or `;`')
  }

  return { peek, is, take, expect, expectName, expectEndOfStatement, fail }
}
