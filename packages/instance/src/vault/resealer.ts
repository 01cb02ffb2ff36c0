import type { Tx } from '@freehold/db'
import { seal, unseal } from '@freehold/kit'
import type { DataKey } from '../deps.ts'
import { placeOfHashKey } from './open-collection.ts'
import { lockHashKeysToReseal, lockRecordsToReseal, updateHashKey, updateSealed } from './reseal-queries.ts'
import { sealValue, unsealValue } from './sealing.ts'

type Keys = { from: readonly DataKey[]; to: DataKey; limit: number }

/** Seals records under a workspace's new data key, and the keys of hashes, which stay what they are: no hash changes. */
export const vaultResealer = {
  table: 'instance.vault_record',
  /** Up to `limit` at once, which no other process has; answers how many there were. */
  async resealBatch(tx: Tx, workspaceId: string, { from, to, limit }: Keys): Promise<number> {
    const keyOf = (version: number) => {
      const found = [...from, to].find((key) => key.version === version)
      if (!found) throw new Error(`the data key of version ${version} was not given`)
      return found.key
    }
    const collections = await lockHashKeysToReseal(tx, workspaceId, { version: to.version, limit })
    for (const { id, hash_key: sealed, key_version: version } of collections) {
      const place = placeOfHashKey(workspaceId, id)
      await updateHashKey(tx, workspaceId, { id, hashKey: seal(to.key, unseal(keyOf(version), sealed, place), place), version: to.version })
    }
    const records = await lockRecordsToReseal(tx, workspaceId, { version: to.version, limit: limit - collections.length })
    for (const { collection_id: collectionId, id, version, sealed, key_version: keyVersion } of records) {
      const place = { workspaceId, collectionId, recordId: id, version }
      const again = Object.entries(sealed).map(([path, value]) => [
        path,
        sealValue(to.key, unsealValue(keyOf(keyVersion), value, place, path), place, path),
      ])
      await updateSealed(tx, workspaceId, {
        collectionId,
        id,
        sealed: Object.fromEntries(again) as Record<string, string>,
        version: to.version,
      })
    }
    return collections.length + records.length
  },
}
