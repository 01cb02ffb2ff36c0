import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { noCollection, type VaultDeps } from './open-collection.ts'
import { lockCollection } from './queries.ts'
import { noRecord } from './record-answer.ts'
import { findRecord } from './record-queries.ts'
import { schemaOf } from './schema/compile-schema.ts'
import { unsealValue } from './sealing.ts'

/** Opens sensitive fields. The event with fields and reason is committed before the values leave. */
export async function revealRecord(ctx: RequestContext, deps: VaultDeps, { params, body }: InputOf<'revealRecord'>) {
  const workspace = ctx.granted('workspace', 'reveal')
  return ctx.mutate('vault_record.reveal', workspace, async (tx) => {
    const collection = await lockCollection(tx, workspace.id, params.collection, 'share')
    if (!collection) throw noCollection(params.collection)
    refuseOthers(body.fields, new Set(schemaOf(collection).sensitive.map(({ path }) => path)))
    const place = { workspaceId: workspace.id, collectionId: collection.id }
    const record = await findRecord(tx, place, params.record_id)
    if (!record) throw noRecord()
    const { sealed, version } = record
    const values: Record<string, unknown> = {}
    if (sealed !== null && record.key_version !== null) {
      const { key } = await deps.keys.at(tx, workspace.id, record.key_version)
      for (const path of body.fields) {
        const value = sealed[path]
        if (value !== undefined) values[path] = unsealValue(key, value, { ...place, recordId: record.id, version }, path)
      }
    }
    return {
      resource: { kind: 'vault_record', id: record.id, label: params.collection },
      after: { collection: params.collection, fields: body.fields, reason: body.reason },
      result: { id: record.id, version, values },
    }
  })
}

function refuseOthers(fields: readonly string[], sensitive: ReadonlySet<string>): void {
  const errors = fields.flatMap((field, index) =>
    sensitive.has(field) ? [] : [{ pointer: `/body/fields/${index}`, message: 'is no sensitive field of this collection' }],
  )
  if (errors.length > 0)
    throw new AppError('invalid_request', `Name sensitive fields: ${[...sensitive].join(', ') || 'there are none'}.`, { errors })
}
