import type { ErrorCode, ImportReport, VaultRecord } from '@freehold/contract'
import { FreeholdError } from '@freehold/sdk/core'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { isProblem } from './problem.ts'
import { queryClient } from './query-client.ts'

/** Everything below stands under this key. No sensitive value is ever kept under it, only its mask. */
export const vaultKey = (workspaceId: string) => ['workspace', workspaceId, 'vault'] as const
export const refreshVault = (workspaceId: string) => queryClient.invalidateQueries({ queryKey: vaultKey(workspaceId) })

export const collectionsQuery = (workspaceId: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: [...vaultKey(workspaceId), 'collections', cursor],
    queryFn: ({ signal }) => client.listCollections({ workspace_id: workspaceId, limit: 25, cursor }, { signal }).then((page) => page),
    // An index that is built is not told of by an event of its own until it is ready.
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ indexes }) => indexes.some((index) => index.state === 'building')) ? 5000 : false,
  })

export type Place = { workspaceId: string; collection: string }
const addressOf = ({ workspaceId, collection }: Place) => ({ workspace_id: workspaceId, collection })

export const collectionQuery = (place: Place) =>
  queryOptions({
    queryKey: [...vaultKey(place.workspaceId), 'collection', place.collection],
    queryFn: ({ signal }) => client.getCollection(addressOf(place), { signal }),
    refetchInterval: ({ state }) => (state.data?.indexes.some((index) => index.state === 'building') ? 5000 : false),
  })

/** The schema with its ETag, as one edit sees it. */
export const collectionSchemaQuery = (place: Place) =>
  queryOptions({
    queryKey: [...vaultKey(place.workspaceId), 'schema', place.collection],
    queryFn: async ({ signal }) => {
      const { data, etag } = await client.raw.getCollectionSchema(addressOf(place), { signal })
      return { ...data, etag: etag ?? undefined }
    },
    gcTime: 0,
  })

type Filter = Record<string, unknown> | undefined
export type RecordsQuery = { filter: Filter; sort: { field: string; dir: 'asc' | 'desc' }[] | undefined; cursor: string | undefined }

export const recordsQuery = (place: Place, { filter, sort, cursor }: RecordsQuery) =>
  queryOptions({
    queryKey: [...vaultKey(place.workspaceId), 'records', place.collection, { filter, sort, cursor }],
    queryFn: async ({ signal }) => {
      const input = { ...addressOf(place), limit: 25, filter, sort, cursor }
      const { data, headers } = await client.raw.queryRecords(input, { signal })
      return { items: data, next: headers.get('next-cursor') }
    },
    // A query that no index serves is refused each time alike.
    retry: false,
  })

export const recordCountQuery = (place: Place, filter: Filter) =>
  queryOptions({
    queryKey: [...vaultKey(place.workspaceId), 'count', place.collection, filter],
    queryFn: ({ signal }) => client.countRecords({ ...addressOf(place), ...(filter && { filter: JSON.stringify(filter) }) }, { signal }),
    retry: false,
  })

export type TaggedRecord = VaultRecord & { etag: string | undefined }

export const recordQuery = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...vaultKey(place.workspaceId), 'record', place.collection, id],
    queryFn: ({ signal }) => readRecord(place, id, signal),
    gcTime: 0,
  })

export async function readRecord(place: Place, id: string, signal?: AbortSignal): Promise<TaggedRecord> {
  const { data, etag } = await client.raw.getRecord({ ...addressOf(place), record_id: id }, { signal })
  return { ...data, etag: etag ?? undefined }
}

/** The index that a query lacks, where it was refused for that; null where no index would help. */
export function missingIndex(error: unknown): { fields: { field: string; dir: 'asc' | 'desc' }[] } | null | undefined {
  if (!(error instanceof FreeholdError) || error.status !== 400) return undefined
  return error.members['suggested_index'] as { fields: { field: string; dir: 'asc' | 'desc' }[] } | null | undefined
}

export type Breaking = { path: string; what: string; records: number }

/** What of a new schema refuses what the present one takes. */
export function breakingOf(error: unknown): readonly Breaking[] | undefined {
  if (!(error instanceof FreeholdError) || !isProblem(error, 'conflict')) return undefined
  return error.members['breaking'] as readonly Breaking[] | undefined
}

export type RecordFormat = 'csv' | 'jsonl'
export const exportUrl = ({ workspaceId, collection }: Place, format: RecordFormat): string =>
  `/v1/workspaces/${workspaceId}/vault/collections/${collection}/export?format=${format}`

type ImportOptions = { format: RecordFormat; mode: 'all_or_nothing' | 'skip_invalid' }

/** Stores the records of a file; throws `invalid_request` where a line does not fit, unless such are skipped. */
export const importRecords = (place: Place, content: File, options: ImportOptions): Promise<ImportReport> =>
  client.importRecords({ ...addressOf(place), ...options, content })

/** What an import would do. The client's own dry run sends no bytes, and this one is about them. */
export async function tryImport({ workspaceId, collection }: Place, content: File, format: RecordFormat): Promise<ImportReport> {
  const query = new URLSearchParams({ format, mode: 'skip_invalid', dry_run: 'true' })
  const answer = await fetch(`/v1/workspaces/${workspaceId}/vault/collections/${collection}/import?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: content,
  })
  if (answer.ok) return (await answer.json()) as ImportReport
  const problem = (await answer.json().catch(() => ({}))) as Partial<{ code: ErrorCode; title: string; detail: string; request_id: string }>
  throw new FreeholdError({
    status: answer.status,
    code: problem.code ?? 'unexpected_response',
    title: problem.title ?? `The server answered ${answer.status}`,
    detail: problem.detail ?? '',
    requestId: problem.request_id,
  })
}
