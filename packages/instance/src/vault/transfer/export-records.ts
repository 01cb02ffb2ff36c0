import { type BytesAnswer, type InputOf, renewing, type RequestContext } from '@freehold/authz/request'
import { csvLine } from '@freehold/kit'
import { Readable } from 'node:stream'
import { requireCollection } from '../open-collection.ts'
import { listRecordsById } from '../record-queries.ts'
import { isObject, type JsonSchema } from '../schema/field-types.ts'
import { type Data, valueAt } from '../sealing.ts'

const pageSize = 500

/** The documents as an import takes them, oldest first, each page under an authorization of its own. */
export async function exportRecords(ctx: RequestContext, { params, query }: InputOf<'exportRecords'>): Promise<BytesAnswer> {
  const { id: workspaceId } = ctx.granted('workspace', 'read')
  const { id: collectionId, name, schema } = await requireCollection(ctx.db, workspaceId, params.collection)
  const format = query.format ?? 'jsonl'

  async function* pages(signal: AbortSignal): AsyncGenerator<Data[]> {
    const { db } = renewing(ctx, { signal })
    for (let after: string | null = null; ;) {
      const rows = await listRecordsById(db, { workspaceId, collectionId }, { after, limit: pageSize })
      if (rows.length > 0) yield rows.map(({ data }) => data)
      if (rows.length < pageSize) return
      after = rows.at(-1)!.id
    }
  }
  async function* jsonLines(signal: AbortSignal): AsyncGenerator<string> {
    for await (const page of pages(signal)) yield page.map((data) => `${JSON.stringify(data)}\n`).join('')
  }
  async function* csv(signal: AbortSignal): AsyncGenerator<string> {
    const paths = leavesOf(schema)
    yield csvLine(paths.map((names) => names.join('.')))
    for await (const page of pages(signal)) yield page.map((data) => csvLine(paths.map((names) => valueAt(data, names)))).join('')
  }
  return {
    status: 200,
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.${format}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    open: async (signal) => Readable.from(format === 'csv' ? csv(signal) : jsonLines(signal), { objectMode: false }),
  }
}

/** The fields that a schema names, as ways into a document, but for objects whose own fields it names. */
function leavesOf({ properties }: JsonSchema, names: string[] = []): string[][] {
  if (!isObject(properties)) return []
  return Object.entries(properties).flatMap(([name, inner]) => {
    const way = [...names, name]
    return isObject(inner) && isObject(inner['properties']) ? leavesOf(inner, way) : [way]
  })
}
