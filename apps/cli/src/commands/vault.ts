import type { CollectionSummary, VaultRecord } from '@freehold/contract'
import type { Client, Input } from '@freehold/sdk'
import { command, required, text, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { readJson, readJsonObject } from '../json-input.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'

const inWorkspace = { workspace: workspaceArgument }
const inCollection = { ...inWorkspace, collection: required('Name of the collection') }
const inRecord = { ...inCollection, record: required('Id of the record') }
const json = (what: string) => required(`${what} as JSON, @FILE, or - for standard input`)

const collectionColumns: Column<CollectionSummary>[] = [
  { header: 'NAME', cell: (row) => row.name },
  { header: 'RECORDS', cell: (row) => String(row.record_count) },
  { header: 'INDEXES', cell: (row) => row.indexes.map(({ fields }) => fields.map(({ field }) => field).join('+')).join(', ') },
  { header: 'UPDATED', cell: (row) => shownTime(row.updated_at) },
]
const recordColumns: Column<VaultRecord>[] = [
  { header: 'ID', cell: (row) => row.id },
  { header: 'VERSION', cell: (row) => String(row.version) },
  { header: 'DATA', cell: (row) => JSON.stringify(row.data) },
]
const shown = (value: unknown) => JSON.stringify(value, null, 2)

export const vaultCollections = command({
  path: ['vault', 'collections'],
  summary: 'List the collections of the Data Vault.',
  args: inWorkspace,
  flags: listFlags,
  async run({ args, flags, sdk, out }) {
    const list = sdk.listCollections({ workspace_id: args.workspace, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), collectionColumns, 'There are no collections yet.')
  },
})

export const vaultCreate = command({
  path: ['vault', 'create'],
  summary: 'Create a collection.',
  examples: ['freehold vault create acme people @people.schema.json --index \'[{"fields": [{"field": "name"}]}]\''],
  mutates: true,
  args: { ...inCollection, schema: json('JSON Schema') },
  flags: { index: text('JSON', 'Its indexes'), description: text('TEXT', 'What it is for') },
  async run({ args, flags, sdk, out }) {
    const made = await sdk.createCollection({
      workspace_id: args.workspace,
      name: args.collection,
      schema: readJsonObject(args.schema, 'schema'),
      description: flags.description,
      indexes: indexesOf(flags.index),
    })
    out.result(`Created ${made.name}.`, made)
  },
})

export const vaultSchema = command({
  path: ['vault', 'schema'],
  summary: "Show a collection's schema and indexes.",
  args: inCollection,
  async run({ args, sdk, out }) {
    const schema = await sdk.getCollectionSchema({ workspace_id: args.workspace, collection: args.collection })
    out.result(shown(schema), schema)
  },
})

export const vaultUpdate = command({
  path: ['vault', 'update'],
  summary: "Change a collection's schema, indexes or description.",
  description: 'A change that stored records may not survive is refused with what breaks, unless --migrate or --migration is given.',
  mutates: true,
  args: inCollection,
  flags: {
    schema: text('JSON', 'The new schema, or @FILE'),
    index: text('JSON', 'All of its indexes, or @FILE'),
    description: text('TEXT', 'What it is for'),
    migrate: toggle('Apply it if every record fits'),
    migration: text('JSON', '{"rename": {}, "drop": [], "set_default": {}}, or @FILE'),
  },
  async run({ args, flags, sdk, out }) {
    const changed = await sdk.updateCollection({
      workspace_id: args.workspace,
      collection: args.collection,
      schema: flags.schema === undefined ? undefined : readJsonObject(flags.schema, 'schema'),
      indexes: indexesOf(flags.index),
      description: flags.description,
      migrate: flags.migrate || undefined,
      migration:
        flags.migration === undefined
          ? undefined
          : (readJsonObject(flags.migration, 'migration') as Input<'updateCollection'>['migration']),
    })
    out.result(`${changed.name} has schema version ${changed.schema_version}.`, changed)
  },
})

export const vaultDrop = command({
  path: ['vault', 'drop'],
  summary: 'Delete a collection with all its records.',
  mutates: true,
  args: inCollection,
  flags: { confirm: text('NAME', 'The name of the collection, once more') },
  async run({ args, flags, sdk, out, dryRun }) {
    const answer: unknown = await sdk.deleteCollection({
      workspace_id: args.workspace,
      collection: args.collection,
      confirm: flags.confirm,
    })
    out.result(dryRun ? '' : `Deleted ${args.collection}.`, answer ?? undefined)
  },
})

export const vaultInsert = command({
  path: ['vault', 'insert'],
  summary: 'Create a record.',
  mutates: true,
  args: { ...inCollection, data: json('Its data') },
  async run({ args, sdk, out }) {
    const made = await sdk.createRecord({
      workspace_id: args.workspace,
      collection: args.collection,
      data: readJsonObject(args.data, 'data'),
    })
    out.result(made.id, made)
  },
})

export const vaultGet = command({
  path: ['vault', 'get'],
  summary: 'Show a record, its sensitive fields masked.',
  args: inRecord,
  async run({ args, sdk, out }) {
    const record = await sdk.getRecord({ workspace_id: args.workspace, collection: args.collection, record_id: args.record })
    out.result(shown(record.data), record)
  },
})

export const vaultPut = command({
  path: ['vault', 'put'],
  summary: 'Replace a record. A mask keeps the value that is there.',
  mutates: true,
  args: { ...inRecord, data: json('Its data') },
  async run({ args, sdk, out }) {
    const data = readJsonObject(args.data, 'data')
    const record = await sdk.putRecord({ workspace_id: args.workspace, collection: args.collection, record_id: args.record, data })
    out.result(`${record.id} is at version ${record.version}.`, record)
  },
})

export const vaultDelete = command({
  path: ['vault', 'delete'],
  summary: 'Delete a record.',
  mutates: true,
  args: inRecord,
  async run({ args, sdk, out, dryRun }) {
    const answer: unknown = await sdk.deleteRecord({ workspace_id: args.workspace, collection: args.collection, record_id: args.record })
    out.result(dryRun ? '' : `Deleted ${args.record}.`, answer ?? undefined)
  },
})

export const vaultQuery = command({
  path: ['vault', 'query'],
  summary: 'Find records by filter and sort.',
  examples: ['freehold vault query acme people --filter \'{"age": {"gte": 18}}\' --sort \'[{"field": "age", "dir": "desc"}]\''],
  args: inCollection,
  flags: { ...listFlags, filter: text('JSON', 'The filter, or @FILE'), sort: text('JSON', 'The sort, newest first unless told') },
  async run({ args, flags, sdk, out }) {
    const query = {
      workspace_id: args.workspace,
      collection: args.collection,
      filter: flags.filter === undefined ? undefined : readJsonObject(flags.filter, 'filter'),
      sort: flags.sort === undefined ? undefined : (readJson(flags.sort, 'sort') as Input<'queryRecords'>['sort']),
      limit: pageSize(flags),
    }
    out.list(await takeItems(recordsOf(sdk, query), flags, out), recordColumns, 'No record fits.')
  },
})

export const vaultCount = command({
  path: ['vault', 'count'],
  summary: 'Count records.',
  args: inCollection,
  flags: { filter: text('JSON', 'The filter, or @FILE') },
  async run({ args, flags, sdk, out }) {
    const filter = flags.filter === undefined ? undefined : JSON.stringify(readJsonObject(flags.filter, 'filter'))
    const { count, exact } = await sdk.countRecords({ workspace_id: args.workspace, collection: args.collection, filter })
    if (!exact) out.note('Counting stopped there; there are more.')
    out.result(String(count), { count, exact })
  },
})

export const vaultReveal = command({
  path: ['vault', 'reveal'],
  summary: 'Reveal sensitive fields of a record. The audit keeps who, which fields and why.',
  args: { ...inRecord, fields: required('Paths of fields, joined by commas') },
  flags: { reason: text('TEXT', 'Why; required') },
  async run({ args, flags, sdk, out }) {
    if (flags.reason === undefined) throw new CommandFailure('usage', 'Say why, by --reason TEXT: the audit keeps it.')
    const { workspace, collection, record, fields } = args
    const revealed = await sdk.revealRecord({
      workspace_id: workspace,
      collection,
      record_id: record,
      fields: fields.split(','),
      reason: flags.reason,
    })
    out.result(shown(revealed.values), revealed)
  },
})

/** All pages of a query: its next cursor comes in a header. */
async function* recordsOf(sdk: Client, query: Input<'queryRecords'>): AsyncGenerator<VaultRecord> {
  for (let cursor: string | undefined; ;) {
    const { data, headers } = await sdk.raw.queryRecords({ ...query, cursor })
    yield* data
    const next = headers.get('next-cursor')
    if (next === null) return
    cursor = next
  }
}

function indexesOf(word: string | undefined): Input<'createCollection'>['indexes'] {
  return word === undefined ? undefined : (readJson(word, 'indexes') as Input<'createCollection'>['indexes'])
}
