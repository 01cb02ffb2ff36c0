import type { Resealer } from '@freehold/db'
import { openValue, sealValue } from './sealed-value.ts'
import { lockVersionsBelow, updateSealedVersion } from './version-queries.ts'

/** Seals every kept version of secrets under a workspace's new data key. */
export const secretResealer: Resealer = {
  table: 'instance.secret_version',
  async reseal(tx, { workspaceId, newest, at, limit }) {
    const rows = await lockVersionsBelow(tx, workspaceId, { keyVersion: newest.version, limit })
    for (const { environment, key, version, ...value } of rows) {
      const place = { workspaceId, environment, key }
      const opened = openValue(await at(value.keyVersion), value, place, version)
      await updateSealedVersion(tx, place, version, sealValue(newest, opened, place, version))
    }
    return rows.length
  },
}
