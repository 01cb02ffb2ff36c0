import { AppError } from '@freehold/contract'
import type { PageOf } from './context.ts'

const defaultLimit = 100

/** The limit and position of a list request. A cursor is opaque: base64url of the last row's key. */
export function pageOf(query: { limit?: number; cursor?: string }): { limit: number; after: string | null } {
  const limit = query.limit ?? defaultLimit
  if (query.cursor === undefined) return { limit, after: null }
  const after = positionOf(query.cursor)
  if (!/^[\x20-\x7e]{1,200}$/.test(after)) throw invalidCursor()
  return { limit, after }
}

/** Same, where rows are ordered by id. */
export function pageById(query: { limit?: number; cursor?: string }): { limit: number; after: string | null } {
  const page = pageOf(query)
  if (page.after !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(page.after)) throw invalidCursor()
  return page
}

/** Same, where rows are ordered by a label, in any script, and then by id. The key of such a row is `labelKey`. */
export function pageByLabel(query: { limit?: number; cursor?: string }): { limit: number; after: { label: string; id: string } | null } {
  const limit = query.limit ?? defaultLimit
  if (query.cursor === undefined) return { limit, after: null }
  const [, id, label] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})([^\0]*)$/s.exec(positionOf(query.cursor)) ?? []
  if (id === undefined || label === undefined) throw invalidCursor()
  return { limit, after: { label, id } }
}

export function labelKey({ label, id }: { label: string; id: string }): string {
  return id + label
}

function positionOf(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8')
  if (Buffer.from(position).toString('base64url') !== cursor) throw invalidCursor()
  return position
}

/** A page from `limit + 1` rows: the row too many only tells that there is a next page. */
export function toPage<Row, Item>(rows: Row[], limit: number, toItem: (row: Row) => Item, keyOf: (row: Row) => string): PageOf<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(toItem),
    next: rows.length > limit && last !== undefined ? Buffer.from(keyOf(last)).toString('base64url') : null,
  }
}

function invalidCursor(): AppError {
  return new AppError('invalid_request', 'The cursor is not one that this list gave out. Start again without it.', {
    errors: [{ pointer: '/query/cursor', message: 'is not a cursor of this list' }],
  })
}
