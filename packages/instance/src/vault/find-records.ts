import type { InputOf, PageOf, RequestContext } from '@freehold/authz/request'
import { AppError, type VaultRecord } from '@freehold/contract'
import { requireCollection, type VaultDeps } from './open-collection.ts'
import { countFound, findPage } from './query/find-page.ts'
import { noRecord, toRecord } from './record-answer.ts'
import { findRecord } from './record-queries.ts'

export async function getRecord(ctx: RequestContext, { params }: InputOf<'getRecord'>): Promise<VaultRecord> {
  const workspace = ctx.granted('workspace', 'read')
  const { id } = await requireCollection(ctx.db, workspace.id, params.collection)
  const row = await findRecord(ctx.db, { workspaceId: workspace.id, collectionId: id }, params.record_id)
  if (!row) throw noRecord()
  return toRecord(row)
}

export async function queryRecords(
  ctx: RequestContext,
  deps: VaultDeps,
  { params, body }: InputOf<'queryRecords'>,
): Promise<VaultRecord[]> {
  const workspace = ctx.granted('workspace', 'read')
  const collection = await requireCollection(ctx.db, workspace.id, params.collection)
  const { items, next } = await findPage(ctx, deps, { workspaceId: workspace.id, collection, query: body, at: '/body' })
  if (next !== null) ctx.setHeader('next-cursor', next)
  return items
}

export async function listRecords(
  ctx: RequestContext,
  deps: VaultDeps,
  { params, query }: InputOf<'listRecords'>,
): Promise<PageOf<VaultRecord>> {
  const workspace = ctx.granted('workspace', 'read')
  const filter = parse(query.filter, 'filter', isFilter)
  const sort = parse(query.sort, 'sort', isSort)
  const collection = await requireCollection(ctx.db, workspace.id, params.collection)
  const { limit, cursor } = query
  const wanted = {
    ...(limit !== undefined && { limit }),
    ...(filter && { filter }),
    ...(sort && { sort }),
    ...(cursor !== undefined && { cursor }),
  }
  return findPage(ctx, deps, { workspaceId: workspace.id, collection, query: wanted, at: '/query' })
}

export async function countRecords(ctx: RequestContext, deps: VaultDeps, { params, query }: InputOf<'countRecords'>) {
  const workspace = ctx.granted('workspace', 'read')
  const filter = parse(query.filter, 'filter', isFilter)
  const collection = await requireCollection(ctx.db, workspace.id, params.collection)
  return countFound(ctx, deps, { workspaceId: workspace.id, collection, filter, at: '/query' })
}

type SortField = { field: string; dir?: 'asc' | 'desc' }

/** A query parameter that is JSON. */
function parse<T>(text: string | undefined, name: string, fits: (value: unknown) => value is T): T | undefined {
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (fits(value)) return value
  const example = name === 'filter' ? '{"status": {"eq": "open"}}' : '[{"field": "name", "dir": "asc"}]'
  throw new AppError('invalid_request', `Send \`${name}\` as JSON, such as ${example}.`, {
    errors: [{ pointer: `/query/${name}`, message: `must be JSON, such as ${example}` }],
  })
}

function isFilter(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSort(value: unknown): value is SortField[] {
  return Array.isArray(value) && value.length <= 4 && value.every(isSortField)
}

function isSortField(value: unknown): value is SortField {
  if (!isFilter(value) || Object.keys(value).some((key) => key !== 'field' && key !== 'dir')) return false
  const { field, dir } = value
  return typeof field === 'string' && (dir === undefined || dir === 'asc' || dir === 'desc')
}
