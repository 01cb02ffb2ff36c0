/** A place in the schema text, both counted from 1. */
export type Position = { line: number; column: number }

/** One of the kinds of subject that a relation takes: `user`, `user:*` or `group#member`, each with or without an expiry. */
export type AllowedSubject = {
  readonly type: string
  /** The relation of a userset, `member` in `group#member`. */
  readonly relation: string | undefined
  readonly wildcard: boolean
  /** Declared `with expiration`: takes relationships that expire, and only those. */
  readonly expires: boolean
  readonly at: Position
}

export type Expression =
  | { readonly kind: 'nil' }
  | { readonly kind: 'reference'; readonly name: string; readonly at: Position }
  | { readonly kind: 'arrow'; readonly relation: string; readonly target: string; readonly at: Position }
  | { readonly kind: 'union' | 'intersection'; readonly operands: readonly Expression[] }
  | { readonly kind: 'exclusion'; readonly base: Expression; readonly except: Expression }

export type Relation = {
  readonly kind: 'relation'
  readonly name: string
  readonly subjects: readonly AllowedSubject[]
  readonly at: Position
}

export type Permission = {
  readonly kind: 'permission'
  readonly name: string
  readonly expression: Expression
  readonly at: Position
}

export type Definition = {
  readonly name: string
  /** Relations and permissions share one namespace, in the order of the text. */
  readonly members: ReadonlyMap<string, Relation | Permission>
  readonly at: Position
}

export type Schema = { readonly definitions: ReadonlyMap<string, Definition> }

/** The schema text is not valid. `message` begins with the position. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly line: number
  readonly column: number

  constructor(reason: string, at: Position) {
    super(`${at.line}:${at.column} ${reason}`)
    this.line = at.line
    this.column = at.column
  }
}
