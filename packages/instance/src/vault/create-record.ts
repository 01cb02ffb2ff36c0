import type { InputOf, RequestContext } from '@freehold/authz/request'
import { isUniqueViolation } from '@freehold/db'
import { newId } from '@freehold/kit'
import { openForWriting, type VaultDeps } from './open-collection.ts'
import { prepareRecord, requirePrepared, storeRecords, uniqueConflict } from './prepare-record.ts'
import { snapshotOf, toRecord } from './record-answer.ts'

export async function createRecord(ctx: RequestContext, deps: VaultDeps, { params, body }: InputOf<'createRecord'>) {
  const workspace = ctx.granted('workspace', 'write')
  const now = ctx.clock.now()
  const record = await ctx
    .mutate('vault_record.create', workspace, async (tx) => {
      const collection = await openForWriting(tx, deps, { workspaceId: workspace.id, name: params.collection, now })
      const id = newId(now.getTime())
      const made = requirePrepared(prepareRecord(collection, { id, version: 1, data: body.data }), params.collection)
      await storeRecords(tx, deps, { place: collection.place, rows: [made], now })
      return { resource: { kind: 'vault_record', id, label: params.collection }, after: snapshotOf(params.collection, made), result: made }
    })
    .catch(tellOfConflict)
  return toRecord({ ...record, created_at: now, updated_at: now })
}

export function tellOfConflict(error: unknown): never {
  throw isUniqueViolation(error, 'vault_index_entry_unique') ? uniqueConflict() : error
}
