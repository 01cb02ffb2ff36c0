import type { InputOf, RequestContext } from '@freehold/authz/request'
import { createCollection } from './create-collection.ts'
import { createRecord } from './create-record.ts'
import { deleteCollection } from './delete-collection.ts'
import { deleteRecord } from './delete-record.ts'
import { collectionsPart, recordsPart } from './export-parts.ts'
import { countRecords, getRecord, listRecords, queryRecords } from './find-records.ts'
import type { VaultDeps } from './open-collection.ts'
import { putRecord } from './put-record.ts'
import { getCollection, getCollectionSchema, listCollections } from './read-collections.ts'
import { revealRecord } from './reveal-record.ts'
import { exportRecords } from './transfer/export-records.ts'
import { importRecords } from './transfer/import-records.ts'
import { updateCollection } from './update-collection.ts'

export { createVaultTasks } from './vault-tasks.ts'
export { vaultResealers } from './resealer.ts'
export const vaultExportParts = [collectionsPart, recordsPart]

export function vaultHandlers(deps: VaultDeps) {
  return {
    listCollections,
    getCollection,
    getCollectionSchema,
    getRecord,
    deleteCollection,
    deleteRecord,
    exportRecords,
    importRecords: (ctx: RequestContext, input: InputOf<'importRecords'>) => importRecords(ctx, deps, input),
    createCollection: (ctx: RequestContext, input: InputOf<'createCollection'>) => createCollection(ctx, deps, input),
    updateCollection: (ctx: RequestContext, input: InputOf<'updateCollection'>) => updateCollection(ctx, deps, input),
    createRecord: (ctx: RequestContext, input: InputOf<'createRecord'>) => createRecord(ctx, deps, input),
    putRecord: (ctx: RequestContext, input: InputOf<'putRecord'>) => putRecord(ctx, deps, input),
    revealRecord: (ctx: RequestContext, input: InputOf<'revealRecord'>) => revealRecord(ctx, deps, input),
    listRecords: (ctx: RequestContext, input: InputOf<'listRecords'>) => listRecords(ctx, deps, input),
    queryRecords: (ctx: RequestContext, input: InputOf<'queryRecords'>) => queryRecords(ctx, deps, input),
    countRecords: (ctx: RequestContext, input: InputOf<'countRecords'>) => countRecords(ctx, deps, input),
  }
}
