import { type Position, SchemaError } from './schema-types.ts'

export type Token = {
  readonly kind: 'name' | 'symbol' | 'end'
  readonly text: string
  readonly at: Position
  /** A line break stands between this token and the one before: it ends a statement, as `;` does. */
  readonly startsLine: boolean
}

const space = /[ \t\r]+/y
const lineBreak = /\n/y
const lineComment = /\/\/[^\n]*/y
const blockComment = /\/\*[\s\S]*?\*\//y
const name = /[A-Za-z_][A-Za-z0-9_]*/y
const symbol = /->|[{}():|#*=+&\-;.]/y

/** Splits schema text into tokens; the last one has the kind `end`. Throws SchemaError at a character that starts no token. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let offset = 0
  let line = 1
  let lineStart = 0
  let startsLine = true

  const match = (pattern: RegExp) => {
    pattern.lastIndex = offset
    return pattern.exec(source)?.[0]
  }
  const skip = (text: string) => {
    offset += text.length
    const breaks = text.split('\n').length - 1
    if (breaks === 0) return
    line += breaks
    lineStart = offset - (text.length - text.lastIndexOf('\n') - 1)
    startsLine = true
  }
  const push = (kind: Token['kind'], text: string) => {
    tokens.push({ kind, text, at: { line, column: offset - lineStart + 1 }, startsLine })
    offset += text.length
    startsLine = false
  }

  while (offset < source.length) {
    const ignored = match(space) ?? match(lineBreak) ?? match(lineComment) ?? match(blockComment)
    if (ignored !== undefined) {
      skip(ignored)
      continue
    }
    const word = match(name)
    const sign = word === undefined ? match(symbol) : undefined
    if (word !== undefined) push('name', word)
    else if (sign !== undefined) push('symbol', sign)
    else throw new SchemaError(describeStray(source, offset), { line, column: offset - lineStart + 1 })
  }
  push('end', '')
  return tokens
}

function describeStray(source: string, offset: number) {
  return source.startsWith('/*', offset) ? 'comment is never closed' : `unexpected character ${JSON.stringify(source[offset])}`
}
