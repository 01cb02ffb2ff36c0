import type { Resealer } from '@freehold/db'
import { seal, unseal } from '@freehold/kit'
import { listSecretsBelow, updateSealed } from './secret-queries.ts'
import { secretPlace } from './secrets.ts'

export const workspaceSecretResealer: Resealer = {
  table: 'hub.workspace_secret',
  async reseal(tx, { workspaceId, newest, at, limit }) {
    const rows = await listSecretsBelow(tx, workspaceId, { version: newest.version, limit })
    for (const { id, sealed, key_version } of rows) {
      const { key } = await at(key_version)
      const secret = unseal(key, sealed, secretPlace(workspaceId, id, key_version))
      await updateSealed(tx, {
        workspaceId,
        id,
        sealed: seal(newest.key, secret, secretPlace(workspaceId, id, newest.version)),
        keyVersion: newest.version,
      })
    }
    return rows.length
  },
}
