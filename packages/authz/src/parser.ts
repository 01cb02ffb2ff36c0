import { type Cursor, openCursor } from './cursor.ts'
import {
  type AllowedSubject,
  type Definition,
  type Expression,
  type Permission,
  type Relation,
  type Schema,
  SchemaError,
} from './schema-types.ts'
import { validateSchema } from './validate.ts'

/**
 * Reads SpiceDB schema language: definitions, relations, wildcards, usersets, `with expiration`, `+`, `&`, `-`, `->`,
 * parentheses and `nil`. What it takes means the same to SpiceDB; what it does not know (caveats, imports, `.all()`)
 * it refuses. Throws SchemaError, with line and column.
 */
export function parseSchema(source: string): Schema {
  const cursor = openCursor(source)
  const definitions = new Map<string, Definition>()
  const uses = new Set<string>()

  while (cursor.peek().kind !== 'end') {
    if (cursor.take(';') !== undefined) continue
    if (definitions.size === 0 && cursor.take('use') !== undefined) {
      if (!cursor.is('expiration')) cursor.fail('`expiration`, the one feature known here')
      uses.add(cursor.expect('expiration').text)
      continue
    }
    const definition = parseDefinition(cursor, uses)
    if (definitions.has(definition.name)) throw new SchemaError(`\`${definition.name}\` is defined twice`, definition.at)
    definitions.set(definition.name, definition)
  }

  const schema = { definitions }
  validateSchema(schema)
  return schema
}

function parseDefinition(cursor: Cursor, uses: Set<string>): Definition {
  cursor.expect('definition')
  const { name, at } = cursor.expectName('the name of a definition')
  const members = new Map<string, Relation | Permission>()

  cursor.expect('{')
  while (cursor.take('}') === undefined) {
    const member = cursor.is('relation') ? parseRelation(cursor, uses) : parsePermission(cursor)
    if (members.has(member.name)) throw new SchemaError(`\`${member.name}\` is declared twice in \`${name}\``, member.at)
    members.set(member.name, member)
    cursor.expectEndOfStatement()
  }
  return { name, members, at }
}

function parseRelation(cursor: Cursor, uses: Set<string>): Relation {
  cursor.expect('relation')
  const { name, at } = cursor.expectName('the name of a relation')
  cursor.expect(':')
  const subjects = [parseAllowedSubject(cursor, uses)]
  while (takeOnSameLine(cursor, '|')) subjects.push(parseAllowedSubject(cursor, uses))
  return { kind: 'relation', name, subjects, at }
}

function parseAllowedSubject(cursor: Cursor, uses: Set<string>): AllowedSubject {
  const { name: type, at } = cursor.expectName('a type of subject')
  const wildcard = cursor.take(':') !== undefined && cursor.expect('*') !== undefined
  const relation = !wildcard && cursor.take('#') !== undefined ? cursor.expectName('a relation of the subject').name : undefined
  const expires = cursor.take('with') !== undefined
  if (expires) {
    const trait = cursor.is('expiration') ? cursor.expect('expiration') : cursor.fail('`expiration`; caveats are not known here')
    if (!uses.has('expiration')) throw new SchemaError('begin the schema with `use expiration`', trait.at)
  }
  return { type, relation, wildcard, expires, at }
}

function parsePermission(cursor: Cursor): Permission {
  if (cursor.take('permission') === undefined) cursor.fail('`relation`, `permission` or `}`')
  const { name, at } = cursor.expectName('the name of a permission')
  cursor.expect('=')
  return { kind: 'permission', name, expression: parseExclusion(cursor), at }
}

// SpiceDB's order, not that of arithmetic: `+` binds tightest, then `&`, then `-`. So `a - b + c` is `a - (b + c)`.
function parseExclusion(cursor: Cursor): Expression {
  let base = parseIntersection(cursor)
  while (takeOnSameLine(cursor, '-')) base = { kind: 'exclusion', base, except: parseIntersection(cursor) }
  return base
}

const parseIntersection = (cursor: Cursor) => parseChain(cursor, 'intersection', '&', parseUnion)
const parseUnion = (cursor: Cursor) => parseChain(cursor, 'union', '+', parseOperand)

function parseChain(cursor: Cursor, kind: 'union' | 'intersection', operator: string, parse: (cursor: Cursor) => Expression): Expression {
  const first = parse(cursor)
  if (!isOnSameLine(cursor, operator)) return first
  const operands = [first]
  while (takeOnSameLine(cursor, operator)) operands.push(parse(cursor))
  return { kind, operands }
}

function parseOperand(cursor: Cursor): Expression {
  if (cursor.take('(') !== undefined) {
    const inner = parseExclusion(cursor)
    cursor.expect(')')
    return inner
  }
  if (cursor.take('nil') !== undefined) return { kind: 'nil' }
  const { name, at } = cursor.expectName('a relation or permission')
  if (!takeOnSameLine(cursor, '->')) return { kind: 'reference', name, at }
  return { kind: 'arrow', relation: name, target: cursor.expectName('the permission behind the arrow').name, at }
}

// A line break ends the statement, so an operator may end a line but not begin one.
const isOnSameLine = (cursor: Cursor, text: string) => cursor.is(text) && !cursor.peek().startsLine
const takeOnSameLine = (cursor: Cursor, text: string) => isOnSameLine(cursor, text) && cursor.take(text) !== undefined
