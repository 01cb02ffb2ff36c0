import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { breakKey, rewriteRecords, scanRecords } from './change-records.ts'
import { snapshotOf, toSchemaAnswer } from './collection-answer.ts'
import { tellOfConflict } from './create-record.ts'
import { mostAtOnce } from './delete-collection.ts'
import { planIndexes, type StoredIndex } from './indexes.ts'
import { newHashKey, noCollection, openHashKey, type VaultDeps } from './open-collection.ts'
import { type CollectionPatch, type CollectionRow, countRecords, lockCollection, updateCollection as updateRow } from './queries.ts'
import { deleteSomeEntries, hasRecordWith } from './record-queries.ts'
import { compileSchema, type CompiledSchema } from './schema/compile-schema.ts'
import { refuseMigration } from './schema/migrate-record.ts'
import { narrowings } from './schema/widening.ts'
import { buildIndexes } from './build-indexes.ts'
import { insertTask } from './task-queries.ts'

type Body = InputOf<'updateCollection'>['body']
type Change = { tx: Tx; workspaceId: string; before: CollectionRow; records: number; now: Date }

// So many records can be held against a schema, or changed, within one request.
const mostChecked = 100_000

/** Changes schema, indexes and description. A schema that may refuse what is stored is applied only as a migration that all records survive. */
export async function updateCollection(ctx: RequestContext, deps: VaultDeps, { params, body }: InputOf<'updateCollection'>) {
  const workspace = ctx.granted('workspace', 'ddl')
  const now = ctx.clock.now()
  const compiled = body.schema && compileSchema(body.schema)
  const row = await ctx
    .mutate('vault_collection.update', workspace, async (tx) => {
      const before = await lockCollection(tx, workspace.id, params.collection, 'update')
      if (!before) throw noCollection(params.collection)
      const records = await countRecords(tx, workspace.id, before.id)
      const change = { tx, workspaceId: workspace.id, before, records, now }
      const after = await applyChange(change, deps, body, compiled)
      return {
        resource: { kind: 'vault_collection', id: after.id, label: after.name },
        before: snapshotOf(before),
        after: { ...snapshotOf(after), ...(body.migration && { migration: namesOf(body.migration) }) },
        result: after,
      }
    })
    .catch(tellOfConflict)
  return toSchemaAnswer(row)
}

async function applyChange(change: Change, deps: VaultDeps, body: Body, compiled: CompiledSchema | undefined): Promise<CollectionRow> {
  const { tx, workspaceId, before, records, now } = change
  const schema = body.schema ?? before.schema
  const wanted = body.indexes ?? before.indexes.filter(({ implied }) => !implied)
  const planned = planIndexes(schema, wanted, {
    stored: before.indexes,
    nextNo: before.next_index_no,
    at: body.indexes ? '/body/indexes' : '/body/schema',
  })
  const mustRewrite = compiled !== undefined && (await isMigration(change, body, compiled))
  const data = compiled?.sensitive.length ? await deps.keys.newest(tx, workspaceId, now) : null
  const needsHashKey = data !== null && before.hash_key === null && compiled!.sensitive.some(({ sensitive }) => sensitive === 'equality')
  const hashKey = needsHashKey ? newHashKey(data, workspaceId, before.id) : null
  const isSmall = records <= mostAtOnce || mustRewrite
  // A record is written again with the entries of all indexes, so a rewrite builds them too.
  const indexes = planned.indexes.map((index): StoredIndex => ({ ...index, state: isSmall ? 'ready' : index.state }))
  const patch: CollectionPatch = {
    ...(body.description !== undefined && { description: body.description }),
    ...(compiled && { schema: compiled.schema, schemaVersion: before.schema_version + 1 }),
    indexes,
    nextIndexNo: planned.nextNo,
    ...(hashKey && { hashKey: hashKey.sealed, keyVersion: data!.version }),
    updatedAt: now,
  }
  if (!isSmall && indexes.some(({ unique, state }) => unique && state === 'building')) throw uniqueTooLate(before.name)
  const after = await updateRow(tx, workspaceId, before.id, patch)
  const place = { workspaceId, collectionId: before.id }
  if (mustRewrite) {
    const keys = data && { data, hash: hashKey?.key ?? (await openHashKey(tx, deps, workspaceId, before)) }
    await rewriteRecords(tx, deps, { place, row: after, schema: compiled, keys }, { migration: body.migration ?? {}, now })
    return after
  }
  const isRemoved = before.indexes.some(({ no }) => !indexes.some((index) => index.no === no))
  const isAdded = planned.indexes.some(({ state }) => state === 'building')
  if (!isRemoved && !isAdded) return after
  if (!isSmall) await insertTask(tx, { ...place, kind: 'build' })
  else {
    if (isRemoved) await deleteSomeEntries(tx, place, { keep: indexes.map(({ no }) => no), limit: mostAtOnce * 20 })
    if (isAdded)
      await buildIndexes(
        tx,
        place,
        { ...after, indexes: planned.indexes.filter(({ state }) => state === 'building') },
        { after: null, limit: mostAtOnce },
      )
  }
  return after
}

/** Whether stored records have to be written again. Throws `conflict`, with what breaks, for a change that is incompatible. */
async function isMigration({ tx, workspaceId, before, records }: Change, body: Body, compiled: CompiledSchema): Promise<boolean> {
  const place = { workspaceId, collectionId: before.id }
  refuseMigration(before.schema, compiled.schema, body.migration ?? {})
  const found: { path: string; what: string }[] = []
  for (const { ifHeld, ...narrowing } of narrowings(before.schema, compiled.schema)) {
    const names = narrowing.path
      .split('/')
      .slice(1)
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    if (ifHeld && !names.includes('*') && !(await hasRecordWith(tx, place, names))) continue
    found.push(narrowing)
  }
  if (found.length === 0 && body.migration === undefined) return false
  if (records > mostChecked) throw tooLarge(before.name, records)
  if (body.migrate === true || body.migration !== undefined) return true
  const counts = await scanRecords(tx, place, compiled)
  const breaking = found.map(({ path, what }) => ({ path, what, records: counts.get(breakKey(path, what))?.records ?? 0 }))
  for (const { path, what } of found) counts.delete(breakKey(path, what))
  breaking.push(...counts.values())
  throw new AppError(
    'conflict',
    'The new schema may refuse what the present one takes. Send `migrate: true` to apply it if every record fits, with a `migration` that makes them fit where they do not.',
    { members: { breaking } },
  )
}

function uniqueTooLate(name: string): AppError {
  return new AppError(
    'conflict',
    `\`${name}\` has more than ${mostAtOnce} records, so a unique index cannot be added any more. Declare it when you create a collection.`,
  )
}

function tooLarge(name: string, records: number): AppError {
  return new AppError(
    'conflict',
    `\`${name}\` has ${records} records; at most ${mostChecked} can be held against an incompatible schema in one request. Make compatible changes, or fill a new collection.`,
    { members: { breaking: [], records } },
  )
}

/** Names of the fields alone: a default may be anything. */
function namesOf({ rename, drop, set_default: defaults }: NonNullable<Body['migration']>): Record<string, unknown> {
  return { ...(rename && { rename }), ...(drop && { drop }), ...(defaults && { set_default: Object.keys(defaults) }) }
}
