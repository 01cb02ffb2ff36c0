import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type ImportReport } from '@freehold/contract'
import { EpochMoved, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { tellOfConflict } from '../create-record.ts'
import { type OpenCollection, openForWriting, requireCollection, type VaultDeps } from '../open-collection.ts'
import { prepareRecord, storeRecords } from '../prepare-record.ts'
import { listTakenEntries, type RecordToStore } from '../record-queries.ts'
import { schemaOf } from '../schema/compile-schema.ts'
import type { RecordFormat } from './read-documents.ts'
import { batchesOf, type Report, type Spool, spoolDocuments } from './spool.ts'

const batchSize = 1000

/**
 * Reads the whole file aside before the transaction begins, which then only stores: it never waits for the caller's line. One event
 * tells of it, without any content.
 */
export async function importRecords(ctx: RequestContext, deps: VaultDeps, { params, query, body }: InputOf<'importRecords'>) {
  const workspace = ctx.granted('workspace', 'write')
  const format: RecordFormat = query.format ?? (/^text\/csv\b/i.test(body.contentType ?? '') ? 'csv' : 'jsonl')
  const mode = query.mode ?? 'all_or_nothing'
  const known = await requireCollection(ctx.db, workspace.id, params.collection)
  const spool = await body.once((bytes) => spoolDocuments(bytes, { format, schema: schemaOf(known) }))
  try {
    if (mode === 'all_or_nothing') refuseInvalid(ctx, spool.report)
    const now = ctx.clock.now()
    const answer = await ctx
      .mutate('vault_record.import', workspace, async (tx) => {
        const collection = await openForWriting(tx, deps, { workspaceId: workspace.id, name: params.collection, now })
        if (collection.row.id !== known.id || collection.row.schema_version !== known.schema_version) throw hasChanged()
        const report = spool.report.copy()
        const stored = await storeSpool(tx, deps, { collection, spool, report, now })
        if (mode === 'all_or_nothing') refuseInvalid(ctx, report)
        const imported = mode === 'all_or_nothing' && report.refused > 0 ? 0 : stored
        return {
          resource: { kind: 'vault_collection', id: known.id, label: known.name },
          after: { format, mode, imported, refused: report.refused },
          result: { imported, refused: report.refused, errors: report.errors } satisfies ImportReport,
        }
      })
      .catch(tellOfConflict)
    await spool.remove()
    return answer
  } catch (error) {
    // A request that is decided again finds its file here.
    if (!(error instanceof EpochMoved)) await spool.remove()
    throw error
  }
}

type Storing = { collection: OpenCollection; spool: Spool; report: Report; now: Date }

/** Answers how many were stored. */
async function storeSpool(tx: Tx, deps: VaultDeps, { collection, spool, report, now }: Storing): Promise<number> {
  let stored = 0
  for await (const documents of batchesOf(spool, batchSize)) {
    const prepared: { line: number; record: RecordToStore }[] = []
    for (const { line, data } of documents) {
      const { record, faults } = prepareRecord(collection, { id: newId(now.getTime()), version: 1, data })
      if (record) prepared.push({ line, record })
      else report.refuse(line, faults)
    }
    const rows = await withoutTaken(tx, collection, prepared, report)
    await storeRecords(tx, deps, { place: collection.place, rows, now })
    stored += rows.length
  }
  return stored
}

/** Those whose unique values neither a stored record nor an earlier one of the batch has. */
async function withoutTaken(tx: Tx, { place }: OpenCollection, prepared: { line: number; record: RecordToStore }[], report: Report) {
  const entries = prepared.flatMap(({ record }, index) =>
    record.entries.filter((entry) => entry.is_unique).map((entry) => ({ ...entry, record_id: record.id, index })),
  )
  const taken = new Set((await listTakenEntries(tx, place, entries)).map((number) => entries[number]!.index))
  const seen = new Set<string>()
  for (const { index_no, key, index } of entries) {
    const name = `${index_no} ${key.toString('base64')}`
    if (seen.has(name)) taken.add(index)
    seen.add(name)
  }
  for (const index of taken) {
    report.refuse(prepared[index]!.line, [{ pointer: '', message: 'has the values of another record in a unique index' }])
  }
  return prepared.filter((_, index) => !taken.has(index)).map(({ record }) => record)
}

/** Throws where a line was refused, unless it is the report that is asked for. */
function refuseInvalid(ctx: RequestContext, { refused, errors }: Report): void {
  if (refused === 0 || ctx.dryRun) return
  const [first] = errors
  throw new AppError(
    'invalid_request',
    `Nothing was imported: ${refused} line${refused === 1 ? ' does' : 's do'} not fit, the first of them ${first!.line}: ${first!.pointer} ${first!.message}. ` +
      'Mend them, or import the others with `mode=skip_invalid`.',
    { errors, members: { imported: 0, refused } },
  )
}

function hasChanged(): AppError {
  return new AppError('conflict', 'The collection was changed while the file was read. Import it again.')
}
