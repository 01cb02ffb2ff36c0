import type { Resealer } from '@freehold/db'
import { openValue, sealValue } from './sealed-values.ts'
import { lockValuesBelow, upsertValue } from './value-queries.ts'

/** Seals what credentials hold under a workspace's new data key. */
export const credentialResealer: Resealer = {
  table: 'instance.credential_value',
  async reseal(tx, { workspaceId, newest, at, limit }) {
    const values = await lockValuesBelow(tx, workspaceId, { keyVersion: newest.version, limit })
    for (const value of values) {
      const { credentialId, field, version } = value
      const opened = openValue(await at(value.keyVersion), value, workspaceId)
      await upsertValue(tx, workspaceId, sealValue(newest, opened, { workspaceId, credentialId, field, version }))
    }
    return values.length
  },
}
